using System.Text.Json;

namespace Pipeline.Executors.Slurm;

/// <summary>Reads what <c>squeue --json</c> prints.</summary>
/// <remarks>
/// Written against Slurm 22.05 and the shapes of later versions: there a state is a list (<c>["CANCELLED",
/// "COMPLETING"]</c>), a number an object that may be unset, and an exit code is taken apart already.
/// </remarks>
internal static class SlurmQueue
{
    /// <summary>All jobs in it, also those that ended within the cluster's MinJobAge.</summary>
    /// <exception cref="SlurmUnavailableException">It is no answer: squeue exits with 0 and an empty list when the controller is down, and fills <c>errors</c>.</exception>
    public static IReadOnlyList<SlurmJob> Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0)
                throw new SlurmUnavailableException($"squeue: {errors[0].GetRawText().ReplaceLineEndings(" ")}");
            return [.. root.GetProperty("jobs").EnumerateArray().Select(Job)];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SlurmUnavailableException($"squeue answered what is not understood: {error.Message}");
        }
    }

    private static SlurmJob Job(JsonElement job)
    {
        var (code, signal) = Exit(job.GetProperty("exit_code"));
        return new(
            Number(job.GetProperty("job_id")), Text(job.GetProperty("name")), State(job.GetProperty("job_state")),
            Text(job.GetProperty("state_reason")), code, signal, Number(job.GetProperty("submit_time")));
    }

    /// <summary>One word. Of a list the flags that say it is not over outweigh the state that it will have.</summary>
    private static string State(JsonElement state)
    {
        if (state.ValueKind == JsonValueKind.String) return Text(state);
        string[] all = [.. state.EnumerateArray().Select(Text)];
        return all.FirstOrDefault(flag => flag is "COMPLETING" or "STAGE_OUT" or "SIGNALING") ?? all.FirstOrDefault(flag => flag is "REQUEUED" or "CONFIGURING") ?? all[0];
    }

    private static (int? Code, int? Signal) Exit(JsonElement exit)
    {
        if (exit.ValueKind == JsonValueKind.Number) return SlurmJob.Decode(exit.GetInt32());
        var signal = exit.TryGetProperty("signal", out var raised)
            ? (int)Number(raised.TryGetProperty("id", out var id) ? id : raised.GetProperty("signal_id"))
            : 0;
        return signal > 0 ? (null, signal) : ((int)Number(exit.GetProperty("return_code")), null);
    }

    private static long Number(JsonElement number) => number.ValueKind switch
    {
        JsonValueKind.Number => number.GetInt64(),
        JsonValueKind.Object => Number(number.GetProperty("number")),
        _ => 0,
    };

    private static string Text(JsonElement text) => text.GetString() ?? "";
}
