-- Files as other tools write them, for the reader. Run in this folder with DuckDB 1.5.
--   duckdb < make_parquet.sql

-- verl's GSM8K: role after content, a 32-bit index, members of extra_info that we do not know, no problem_id.
COPY (
    SELECT 'openai/gsm8k' AS data_source,
           [{'content': 'What is ' || i || ' + 1?', 'role': 'user'}] AS prompt,
           'math' AS ability,
           {'ground_truth': CAST(i + 1 AS VARCHAR), 'style': 'rule'} AS reward_model,
           {'answer': 'It is ' || (i + 1), 'index': CAST(i AS INTEGER), 'split': 'train'} AS extra_info
    FROM range(3) AS numbers(i)
) TO 'verl.parquet' (FORMAT parquet, COMPRESSION zstd);

-- Conversations of 0 to 3 turns in several row groups, beside columns that mean nothing to us.
COPY (
    SELECT i AS id,
           [{'role': CASE WHEN turn % 2 = 0 THEN 'user' ELSE 'assistant' END, 'content': i || '.' || turn, 'weight': 0.5}
            FOR turn IN range(i % 4)] AS messages,
           CASE WHEN i % 3 = 0 THEN NULL ELSE 'es' END AS language
    FROM range(5000) AS rows(i)
) TO 'conversations.parquet' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048);

-- TRL's standard formats: plain strings, a 32-bit label, single-precision numbers.
COPY (SELECT 'ask' AS prompt, 'good' AS chosen, 'bad' AS rejected, 'good' AS completion, CAST(1 AS INTEGER) AS label,
             CAST(0.5 AS FLOAT) AS score)
TO 'strings.parquet' (FORMAT parquet, COMPRESSION gzip);

-- A null where a value must be.
COPY (SELECT * FROM (VALUES ('a'), (NULL)) AS rows(text)) TO 'nulls.parquet' (FORMAT parquet);
COPY (SELECT [{'role': 'user', 'content': NULL::VARCHAR}] AS messages) TO 'null_content.parquet' (FORMAT parquet);
