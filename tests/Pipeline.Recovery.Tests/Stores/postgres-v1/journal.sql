--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: pipeline; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA pipeline;


--
-- Name: take_turn(bigint, bigint); Type: FUNCTION; Schema: pipeline; Owner: -
--

CREATE FUNCTION pipeline.take_turn(engine bigint, events bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE newest bigint;
BEGIN
    UPDATE journal SET position = position + events RETURNING term INTO newest;
    IF newest <> engine THEN -- a command has no term, and null is not unequal to anything
        RAISE EXCEPTION '%', newest USING ERRCODE = 'PL001';
    END IF;
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: attempts; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.attempts (
    run text NOT NULL COLLATE pg_catalog."C",
    instance text NOT NULL,
    attempt bigint NOT NULL,
    token text NOT NULL,
    pipeline text NOT NULL,
    fingerprint text NOT NULL,
    parts text NOT NULL,
    intended text NOT NULL COLLATE pg_catalog."C",
    alive bigint NOT NULL,
    succeeded bigint
);


--
-- Name: deleted_runs; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.deleted_runs (
    run text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: events; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.events (
    "position" bigint NOT NULL,
    run text NOT NULL COLLATE pg_catalog."C",
    sequence bigint NOT NULL,
    body text NOT NULL
);


--
-- Name: journal; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.journal (
    one boolean DEFAULT true NOT NULL,
    folder text,
    "position" bigint DEFAULT 0 NOT NULL,
    term bigint DEFAULT 0 NOT NULL,
    CONSTRAINT journal_one_check CHECK (one)
);


--
-- Name: migrations; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.migrations (
    number bigint NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: reuses; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.reuses (
    run text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: runs; Type: TABLE; Schema: pipeline; Owner: -
--

CREATE TABLE pipeline.runs (
    run text NOT NULL COLLATE pg_catalog."C",
    pipeline text NOT NULL,
    phase text NOT NULL,
    submitted text NOT NULL COLLATE pg_catalog."C",
    ended text COLLATE pg_catalog."C",
    sequence bigint NOT NULL
);


--
-- Data for Name: attempts; Type: TABLE DATA; Schema: pipeline; Owner: -
--

INSERT INTO pipeline.attempts VALUES ('20261126-115135-uvjj', 'a', 1, '20261126-115135-uvjj.2', 'done', 'sha256:2d238ce7ac5c6788ec651a61d3141255494b67fc6480dff7869dcfce4cc582e0', '{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115135-uvjj"}', '2026-11-26T11:51:42.4513522Z', 0, 6);
INSERT INTO pipeline.attempts VALUES ('20261126-115154-mxnu', 'a', 1, '20261126-115154-mxnu.2', 'failed', 'sha256:24ca558854d79ce8e692c0119a751ab4bd27c8b07d6005f2f8629e146e655f4d', '{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"fail_at":3,"exit_code":78},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115154-mxnu"}', '2026-11-26T11:52:00.0116727Z', 0, NULL);
INSERT INTO pipeline.attempts VALUES ('20261126-115211-nwkm', 'a', 1, '20261126-115211-nwkm.2', 'cut_off', 'sha256:59530ab1bbb27c66b1b04ee52b938a288c9e506d8e8d4b015fe918c80c7fe45f', '{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115211-nwkm"}', '2026-11-26T11:52:16.4236413Z', 0, 6);
INSERT INTO pipeline.attempts VALUES ('20261126-115211-nwkm', 'b', 1, '20261126-115211-nwkm.7', 'cut_off', 'sha256:a3db4efc3a7a39f9a67ae4cc44ae5d4c1e6d2d1bd7d510ad48f8c6b2b71f964b', '{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"hold_at":5,"hold_until":"@GATE@"},"inputs":{"a":"sha256:d5cf1cd9dab52963933b9f468559ac58e11fffffbc25e76759895fbf3903433b"},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115211-nwkm"}', '2026-11-26T11:52:19.9282002Z', 1, NULL);


--
-- Data for Name: deleted_runs; Type: TABLE DATA; Schema: pipeline; Owner: -
--



--
-- Data for Name: events; Type: TABLE DATA; Schema: pipeline; Owner: -
--

INSERT INTO pipeline.events VALUES (1, '20261126-115135-uvjj', 1, '{"type":"RunSubmitted","run":"20261126-115135-uvjj","sequence":1,"time":"2026-11-26T11:51:35.4600269+00:00","pipeline":{"name":"done","file":"@FOLDER@/done.yaml","text":"apiVersion: pipeline/v1\nkind: Pipeline\nname: done\nstages:\n  a:\n    uses: command\n    run: [dotnet, \"@PROGRAMS@/fake-stage.dll\"]\n    inputs: {  }\n    outputs: { chain: file }\n    resources: { cpus: 1 }\n    with: { steps: 6, checkpoint_every: 2 }\n","params":{},"overrides":[],"notify":[],"stages":[{"id":"a","instance":"a","uses":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"outputs":{"chain":"file"},"needs":[],"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"seed":1,"resources":{"cpus":1,"gpus":0,"nodes":1},"executor":"local","priority":0,"retry":{"limit":3,"initial_seconds":5,"factor":2,"max_seconds":600,"jitter":0.2},"checkpoints":{"keep_last":2},"stop_when":[],"gates":[]}]},"program":{"command":[],"digest":""}}');
INSERT INTO pipeline.events VALUES (2, '20261126-115135-uvjj', 2, '{"type":"AttemptIntended","run":"20261126-115135-uvjj","sequence":2,"time":"2026-11-26T11:51:42.4513522+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115135-uvjj.2","job":"20261126-115135-uvjj.a.1","fingerprint":"sha256:2d238ce7ac5c6788ec651a61d3141255494b67fc6480dff7869dcfce4cc582e0","fingerprint_parts":{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115135-uvjj"},"inputs":{},"cache_miss":"never executed before"}');
INSERT INTO pipeline.events VALUES (3, '20261126-115135-uvjj', 3, '{"type":"AttemptStarted","run":"20261126-115135-uvjj","sequence":3,"time":"2026-11-26T11:51:46.0127805+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115135-uvjj.2"}');
INSERT INTO pipeline.events VALUES (4, '20261126-115135-uvjj', 4, '{"type":"CheckpointRecorded","run":"20261126-115135-uvjj","sequence":4,"time":"2026-11-26T11:51:46.6299031+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115135-uvjj.2","step":2,"path":"@STATE@/runs/20261126-115135-uvjj/a/attempt-1/checkpoints/step-000002","offset":231}');
INSERT INTO pipeline.events VALUES (5, '20261126-115135-uvjj', 5, '{"type":"CheckpointRecorded","run":"20261126-115135-uvjj","sequence":5,"time":"2026-11-26T11:51:46.6299031+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115135-uvjj.2","step":4,"path":"@STATE@/runs/20261126-115135-uvjj/a/attempt-1/checkpoints/step-000004","offset":462}');
INSERT INTO pipeline.events VALUES (6, '20261126-115135-uvjj', 6, '{"type":"AttemptSucceeded","run":"20261126-115135-uvjj","sequence":6,"time":"2026-11-26T11:51:46.8302951+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115135-uvjj.2","fingerprint":"sha256:2d238ce7ac5c6788ec651a61d3141255494b67fc6480dff7869dcfce4cc582e0","outputs":{"chain":{"path":"@STATE@/runs/20261126-115135-uvjj/a/attempt-1/outputs/chain","kind":"file","digest":"sha256:d5cf1cd9dab52963933b9f468559ac58e11fffffbc25e76759895fbf3903433b"}},"metrics":{},"tokens":6,"seconds":0.3835093,"warnings":[],"program":"","exit":{"code":0,"signal":null,"asked_by":"nobody","peak_memory_bytes":46444544,"cpu_seconds":0.367784,"time":"2026-11-26T11:51:46.5537194+00:00"}}');
INSERT INTO pipeline.events VALUES (7, '20261126-115135-uvjj', 7, '{"type":"RunSucceeded","run":"20261126-115135-uvjj","sequence":7,"time":"2026-11-26T11:51:47.0627063+00:00"}');
INSERT INTO pipeline.events VALUES (8, '20261126-115154-mxnu', 1, '{"type":"RunSubmitted","run":"20261126-115154-mxnu","sequence":1,"time":"2026-11-26T11:51:55.0168002+00:00","pipeline":{"name":"failed","file":"@FOLDER@/failed.yaml","text":"apiVersion: pipeline/v1\nkind: Pipeline\nname: failed\nstages:\n  a:\n    uses: command\n    run: [dotnet, \"@PROGRAMS@/fake-stage.dll\"]\n    inputs: {  }\n    outputs: { chain: file }\n    resources: { cpus: 1 }\n    with: { steps: 6, checkpoint_every: 2, fail_at: 3, exit_code: 78 }\n","params":{},"overrides":[],"notify":[],"stages":[{"id":"a","instance":"a","uses":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"fail_at":3,"exit_code":78},"inputs":{},"outputs":{"chain":"file"},"needs":[],"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"seed":1,"resources":{"cpus":1,"gpus":0,"nodes":1},"executor":"local","priority":0,"retry":{"limit":3,"initial_seconds":5,"factor":2,"max_seconds":600,"jitter":0.2},"checkpoints":{"keep_last":2},"stop_when":[],"gates":[]}]},"program":{"command":[],"digest":""}}');
INSERT INTO pipeline.events VALUES (9, '20261126-115154-mxnu', 2, '{"type":"AttemptIntended","run":"20261126-115154-mxnu","sequence":2,"time":"2026-11-26T11:52:00.0116727+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115154-mxnu.2","job":"20261126-115154-mxnu.a.1","fingerprint":"sha256:24ca558854d79ce8e692c0119a751ab4bd27c8b07d6005f2f8629e146e655f4d","fingerprint_parts":{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"fail_at":3,"exit_code":78},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115154-mxnu"},"inputs":{},"cache_miss":"never executed before"}');
INSERT INTO pipeline.events VALUES (10, '20261126-115154-mxnu', 3, '{"type":"AttemptStarted","run":"20261126-115154-mxnu","sequence":3,"time":"2026-11-26T11:52:02.5596019+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115154-mxnu.2"}');
INSERT INTO pipeline.events VALUES (11, '20261126-115154-mxnu', 4, '{"type":"CheckpointRecorded","run":"20261126-115154-mxnu","sequence":4,"time":"2026-11-26T11:52:03.2487477+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115154-mxnu.2","step":2,"path":"@STATE@/runs/20261126-115154-mxnu/a/attempt-1/checkpoints/step-000002","offset":231}');
INSERT INTO pipeline.events VALUES (12, '20261126-115154-mxnu', 5, '{"type":"AttemptFailed","run":"20261126-115154-mxnu","sequence":5,"time":"2026-11-26T11:52:03.4313507+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115154-mxnu.2","class":"config","message":"The stage says that its configuration or an input is wrong (exit 78); its log says what.","step":2,"retry":false,"counted":false,"exit":{"code":78,"signal":null,"asked_by":"nobody","peak_memory_bytes":45654016,"cpu_seconds":0.324294,"time":"2026-11-26T11:52:03.2245127+00:00"}}');
INSERT INTO pipeline.events VALUES (13, '20261126-115154-mxnu', 6, '{"type":"RunFailed","run":"20261126-115154-mxnu","sequence":6,"time":"2026-11-26T11:52:03.5682097+00:00","failed":["a"]}');
INSERT INTO pipeline.events VALUES (14, '20261126-115211-nwkm', 1, '{"type":"RunSubmitted","run":"20261126-115211-nwkm","sequence":1,"time":"2026-11-26T11:52:11.3043919+00:00","pipeline":{"name":"cut_off","file":"@FOLDER@/cut_off.yaml","text":"apiVersion: pipeline/v1\nkind: Pipeline\nname: cut_off\nstages:\n  a:\n    uses: command\n    run: [dotnet, \"@PROGRAMS@/fake-stage.dll\"]\n    inputs: {  }\n    outputs: { chain: file }\n    resources: { cpus: 1 }\n    with: { steps: 6, checkpoint_every: 2 }\n  b:\n    uses: command\n    run: [dotnet, \"@PROGRAMS@/fake-stage.dll\"]\n    inputs: { a: \"${{ stages.a.outputs.chain }}\" }\n    outputs: { chain: file }\n    resources: { cpus: 1 }\n    with: { steps: 6, checkpoint_every: 2, hold_at: 5, hold_until: \"@GATE@\" }\n  c:\n    uses: command\n    run: [dotnet, \"@PROGRAMS@/fake-stage.dll\"]\n    inputs: { b: \"${{ stages.b.outputs.chain }}\" }\n    outputs: { chain: file }\n    resources: { cpus: 1 }\n    with: { steps: 6, checkpoint_every: 2 }\n","params":{},"overrides":[],"notify":[],"stages":[{"id":"a","instance":"a","uses":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"outputs":{"chain":"file"},"needs":[],"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"seed":1,"resources":{"cpus":1,"gpus":0,"nodes":1},"executor":"local","priority":0,"retry":{"limit":3,"initial_seconds":5,"factor":2,"max_seconds":600,"jitter":0.2},"checkpoints":{"keep_last":2},"stop_when":[],"gates":[]},{"id":"b","instance":"b","uses":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"hold_at":5,"hold_until":"@GATE@"},"inputs":{"a":{"kind":"file","stage":"a","output":"chain"}},"outputs":{"chain":"file"},"needs":["a"],"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"seed":1,"resources":{"cpus":1,"gpus":0,"nodes":1},"executor":"local","priority":0,"retry":{"limit":3,"initial_seconds":5,"factor":2,"max_seconds":600,"jitter":0.2},"checkpoints":{"keep_last":2},"stop_when":[],"gates":[]},{"id":"c","instance":"c","uses":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{"b":{"kind":"file","stage":"b","output":"chain"}},"outputs":{"chain":"file"},"needs":["b"],"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"seed":1,"resources":{"cpus":1,"gpus":0,"nodes":1},"executor":"local","priority":0,"retry":{"limit":3,"initial_seconds":5,"factor":2,"max_seconds":600,"jitter":0.2},"checkpoints":{"keep_last":2},"stop_when":[],"gates":[]}]},"program":{"command":[],"digest":""}}');
INSERT INTO pipeline.events VALUES (15, '20261126-115211-nwkm', 2, '{"type":"AttemptIntended","run":"20261126-115211-nwkm","sequence":2,"time":"2026-11-26T11:52:16.4236413+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115211-nwkm.2","job":"20261126-115211-nwkm.a.1","fingerprint":"sha256:59530ab1bbb27c66b1b04ee52b938a288c9e506d8e8d4b015fe918c80c7fe45f","fingerprint_parts":{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2},"inputs":{},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115211-nwkm"},"inputs":{},"cache_miss":"never executed before"}');
INSERT INTO pipeline.events VALUES (16, '20261126-115211-nwkm', 3, '{"type":"AttemptStarted","run":"20261126-115211-nwkm","sequence":3,"time":"2026-11-26T11:52:18.4544948+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115211-nwkm.2"}');
INSERT INTO pipeline.events VALUES (17, '20261126-115211-nwkm', 4, '{"type":"CheckpointRecorded","run":"20261126-115211-nwkm","sequence":4,"time":"2026-11-26T11:52:19.4859757+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115211-nwkm.2","step":2,"path":"@STATE@/runs/20261126-115211-nwkm/a/attempt-1/checkpoints/step-000002","offset":231}');
INSERT INTO pipeline.events VALUES (18, '20261126-115211-nwkm', 5, '{"type":"CheckpointRecorded","run":"20261126-115211-nwkm","sequence":5,"time":"2026-11-26T11:52:19.4859757+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115211-nwkm.2","step":4,"path":"@STATE@/runs/20261126-115211-nwkm/a/attempt-1/checkpoints/step-000004","offset":462}');
INSERT INTO pipeline.events VALUES (19, '20261126-115211-nwkm', 6, '{"type":"AttemptSucceeded","run":"20261126-115211-nwkm","sequence":6,"time":"2026-11-26T11:52:19.683177+00:00","stage":"a","instance":"a","attempt":1,"token":"20261126-115211-nwkm.2","fingerprint":"sha256:59530ab1bbb27c66b1b04ee52b938a288c9e506d8e8d4b015fe918c80c7fe45f","outputs":{"chain":{"path":"@STATE@/runs/20261126-115211-nwkm/a/attempt-1/outputs/chain","kind":"file","digest":"sha256:d5cf1cd9dab52963933b9f468559ac58e11fffffbc25e76759895fbf3903433b"}},"metrics":{},"tokens":6,"seconds":0.344357,"warnings":[],"program":"","exit":{"code":0,"signal":null,"asked_by":"nobody","peak_memory_bytes":46637056,"cpu_seconds":0.369362,"time":"2026-11-26T11:52:19.3319653+00:00"}}');
INSERT INTO pipeline.events VALUES (20, '20261126-115211-nwkm', 7, '{"type":"AttemptIntended","run":"20261126-115211-nwkm","sequence":7,"time":"2026-11-26T11:52:19.9282002+00:00","stage":"b","instance":"b","attempt":1,"token":"20261126-115211-nwkm.7","job":"20261126-115211-nwkm.b.1","fingerprint":"sha256:a3db4efc3a7a39f9a67ae4cc44ae5d4c1e6d2d1bd7d510ad48f8c6b2b71f964b","fingerprint_parts":{"kind":"command","kind_version":1,"options":{"steps":6,"checkpoint_every":2,"hold_at":5,"hold_until":"@GATE@"},"inputs":{"a":"sha256:d5cf1cd9dab52963933b9f468559ac58e11fffffbc25e76759895fbf3903433b"},"seed":1,"cpus":1,"command":["dotnet","@PROGRAMS@/fake-stage.dll"],"run":"20261126-115211-nwkm"},"inputs":{"a":{"path":"@STATE@/runs/20261126-115211-nwkm/a/attempt-1/outputs/chain","kind":"file","digest":"sha256:d5cf1cd9dab52963933b9f468559ac58e11fffffbc25e76759895fbf3903433b"}},"cache_miss":"never executed before"}');
INSERT INTO pipeline.events VALUES (21, '20261126-115211-nwkm', 8, '{"type":"AttemptStarted","run":"20261126-115211-nwkm","sequence":8,"time":"2026-11-26T11:52:20.7321325+00:00","stage":"b","instance":"b","attempt":1,"token":"20261126-115211-nwkm.7"}');
INSERT INTO pipeline.events VALUES (22, '20261126-115211-nwkm', 9, '{"type":"CheckpointRecorded","run":"20261126-115211-nwkm","sequence":9,"time":"2026-11-26T11:52:21.8723781+00:00","stage":"b","instance":"b","attempt":1,"token":"20261126-115211-nwkm.7","step":2,"path":"@STATE@/runs/20261126-115211-nwkm/b/attempt-1/checkpoints/step-000002","offset":231}');
INSERT INTO pipeline.events VALUES (23, '20261126-115211-nwkm', 10, '{"type":"CheckpointRecorded","run":"20261126-115211-nwkm","sequence":10,"time":"2026-11-26T11:52:21.8723781+00:00","stage":"b","instance":"b","attempt":1,"token":"20261126-115211-nwkm.7","step":4,"path":"@STATE@/runs/20261126-115211-nwkm/b/attempt-1/checkpoints/step-000004","offset":462}');


--
-- Data for Name: journal; Type: TABLE DATA; Schema: pipeline; Owner: -
--

INSERT INTO pipeline.journal VALUES (true, '@STATE@', 23, 3);


--
-- Data for Name: migrations; Type: TABLE DATA; Schema: pipeline; Owner: -
--

INSERT INTO pipeline.migrations VALUES (1, '2026-11-26 11:51:34.985683+00');


--
-- Data for Name: reuses; Type: TABLE DATA; Schema: pipeline; Owner: -
--



--
-- Data for Name: runs; Type: TABLE DATA; Schema: pipeline; Owner: -
--

INSERT INTO pipeline.runs VALUES ('20261126-115135-uvjj', 'done', 'Succeeded', '2026-11-26T11:51:35.4600269Z', '2026-11-26T11:51:47.0627063Z', 7);
INSERT INTO pipeline.runs VALUES ('20261126-115154-mxnu', 'failed', 'Failed', '2026-11-26T11:51:55.0168002Z', '2026-11-26T11:52:03.5682097Z', 6);
INSERT INTO pipeline.runs VALUES ('20261126-115211-nwkm', 'cut_off', 'Running', '2026-11-26T11:52:11.3043919Z', NULL, 10);


--
-- Name: attempts attempts_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (run, instance, attempt);


--
-- Name: deleted_runs deleted_runs_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.deleted_runs
    ADD CONSTRAINT deleted_runs_pkey PRIMARY KEY (run);


--
-- Name: events events_in_order; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.events
    ADD CONSTRAINT events_in_order UNIQUE (run, sequence);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (one);


--
-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (number);


--
-- Name: reuses reuses_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.reuses
    ADD CONSTRAINT reuses_pkey PRIMARY KEY (run, source);


--
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run);


--
-- Name: attempts_by_fingerprint; Type: INDEX; Schema: pipeline; Owner: -
--

CREATE INDEX attempts_by_fingerprint ON pipeline.attempts USING btree (fingerprint, intended);


--
-- Name: attempts_by_stage; Type: INDEX; Schema: pipeline; Owner: -
--

CREATE INDEX attempts_by_stage ON pipeline.attempts USING btree (pipeline, instance, intended);


--
-- Name: reuses_by_source; Type: INDEX; Schema: pipeline; Owner: -
--

CREATE INDEX reuses_by_source ON pipeline.reuses USING btree (source);


--
-- Name: runs_by_age; Type: INDEX; Schema: pipeline; Owner: -
--

CREATE INDEX runs_by_age ON pipeline.runs USING btree (submitted, run);


--
-- Name: runs_unfinished; Type: INDEX; Schema: pipeline; Owner: -
--

CREATE INDEX runs_unfinished ON pipeline.runs USING btree (submitted) WHERE (ended IS NULL);


--
-- Name: reuses reuses_source; Type: FK CONSTRAINT; Schema: pipeline; Owner: -
--

ALTER TABLE ONLY pipeline.reuses
    ADD CONSTRAINT reuses_source FOREIGN KEY (source) REFERENCES pipeline.runs(run) DEFERRABLE;


--
-- PostgreSQL database dump complete
--


