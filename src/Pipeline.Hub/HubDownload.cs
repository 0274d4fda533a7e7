using System.Net;

namespace Pipeline.Hub;

/// <summary>Brings one file, going on from what is there already.</summary>
internal sealed class HubDownload(HubConnection connection, HubRepository repository, TimeSpan silence, Patience patience, Action<long> came)
{
    /// <summary>Writes the file's content to <paramref name="partial"/>, appending to what a former try left there.</summary>
    /// <exception cref="HubException">It does not come, or is not what was listed; a damaged one is gone afterwards.</exception>
    public async Task To(string partial, HubFile file, CancellationToken cancellation)
    {
        for (var restarted = false; ; restarted = true)
        {
            while (await Append(partial, file, cancellation) is { } failure)
                await patience.AfterFailure(failure.Problem, failure.Asked, cancellation);
            if (await file.IsAt(partial, cancellation)) return;
            // A former try may have left bytes of something else. What was fetched in one go and still differs is the server's.
            File.Delete(partial);
            came(-file.Size);
            if (restarted) throw new HubException(HubErrors.Damaged, $"{Named(file)} came twice with another hash than {file.Hash}, which the server lists. Try another mirror (HF_ENDPOINT).");
        }
    }

    /// <summary>One request; null when all bytes are there, else what went wrong and may pass.</summary>
    private async Task<Failure?> Append(string partial, HubFile file, CancellationToken cancellation)
    {
        await using var target = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        target.Seek(0, SeekOrigin.End);
        if (target.Length > file.Size) Restart(target);
        if (target.Length == file.Size) return null;
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            silent.CancelAfter(silence);
            using var answer = await connection.Get(repository.AddressOf(file), target.Length, silent.Token);
            if (connection.Refusal(answer.StatusCode, repository, $"file '{file.Path}'") is { } refusal && answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
                throw refusal;
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            {
                if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) Restart(target);
                return new($"{Named(file)} was answered with {(int)answer.StatusCode}.", answer.Headers.RetryAfter);
            }
            if (answer.StatusCode == HttpStatusCode.OK) Restart(target); // it does not know ranges and begins anew
            Check(answer, target.Length, file);
            await Copy(answer, target, file, silent, cancellation);
            return target.Length == file.Size ? null : new($"{Named(file)} broke off at byte {target.Length} of {file.Size}.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new($"{Named(file)}: nothing came for {silence.TotalSeconds:F0} s.");
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException || (error is IOException && error.InnerException is System.Net.Sockets.SocketException))
        {
            return new($"{Named(file)} broke off at byte {target.Length} of {file.Size}: {error.Message}");
        }
        finally
        {
            target.Flush(flushToDisk: true);
        }
    }

    private async Task Copy(HttpResponseMessage answer, FileStream target, HubFile file, CancellationTokenSource silent, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(silent.Token);
        var buffer = new byte[1 << 18];
        while (true)
        {
            silent.CancelAfter(silence);
            var read = await body.ReadAsync(buffer, silent.Token);
            if (read == 0) return;
            if (target.Length + read > file.Size) throw WrongSize(file, $"more than {file.Size}");
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            came(read);
            patience.Progressed();
        }
    }

    /// <summary>Two sizes for one file, before any byte of it is taken.</summary>
    private void Check(HttpResponseMessage answer, long from, HubFile file)
    {
        var range = answer.Content.Headers.ContentRange;
        if (range?.From is { } begins && begins != from)
            throw new HubException(HubErrors.Damaged, $"{Named(file)} was asked for from byte {from} and comes from byte {begins}. Try another mirror (HF_ENDPOINT).");
        var size = range is not null ? range.Length : answer.Content.Headers.ContentLength;
        if (size is { } told && told != file.Size) throw WrongSize(file, $"{told}");
    }

    private HubException WrongSize(HubFile file, string size) => new(HubErrors.Damaged,
        $"{Named(file)} has {size} bytes where the server's own list says {file.Size}. Try another mirror (HF_ENDPOINT).");

    private void Restart(FileStream target)
    {
        came(-target.Length);
        target.SetLength(0);
    }

    private string Named(HubFile file) => $"'{file.Path}' of {repository}";

    private sealed record Failure(string Problem, System.Net.Http.Headers.RetryConditionHeaderValue? Asked = null);
}
