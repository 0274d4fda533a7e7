using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Server.Http;

/// <summary>The pages, styles and scripts, out of the assembly. A page is the same for every run: its script asks the API.</summary>
internal static class EmbeddedPages
{
    private const string Root = "wwwroot/";
    private const string Skeleton = "page.html";
    private static readonly Assembly Holder = typeof(EmbeddedPages).Assembly;

    private static readonly FrozenDictionary<string, Asset> Assets = Holder.GetManifestResourceNames()
        .Where(name => name.StartsWith(Root, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Root.Length..], Asset.Load);

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var skeleton = Encoding.UTF8.GetString(Assets[Skeleton].Bytes);
        foreach (var page in Page.All) Map(page.Pattern, Asset.Of(Encoding.UTF8.GetBytes(page.Fill(skeleton)), Skeleton));
        foreach (var (name, asset) in Assets.Where(entry => entry.Key != Skeleton)) Map("/" + name, asset);

        void Map(string pattern, Asset asset) => app.MapGet(pattern, () => Answer(asset)).ExcludeFromDescription();
    }

    // No-cache asks the browser to come back with the tag: an update of the program shows at once, an unchanged file is not sent.
    private static Revalidated Answer(Asset asset) => new Revalidated(Results.Bytes(asset.Bytes, asset.Type, entityTag: asset.Tag));

    private sealed record Asset(byte[] Bytes, string Type, EntityTagHeaderValue Tag)
    {
        private static readonly FileExtensionContentTypeProvider Types = new();

        public static Asset Load(string resource)
        {
            using var stream = Holder.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Of(bytes, resource);
        }

        public static Asset Of(byte[] bytes, string name)
        {
            var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            var text = type.StartsWith("text/", StringComparison.Ordinal);
            return new(bytes, text ? type + "; charset=utf-8" : type, new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
        }
    }

    private sealed class Revalidated(IResult result) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-cache";
            return result.ExecuteAsync(httpContext);
        }
    }
}
