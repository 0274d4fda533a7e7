namespace Pipeline.Server.Access;

/// <summary>Who a token belongs to, and what it allows. The token itself is kept nowhere.</summary>
/// <param name="Role">What its holder may do.</param>
/// <param name="Name">What the journal calls its holder: the name it was made with, else <c>token</c> and how its hash begins.</param>
public sealed record AccessToken(AccessRole Role, string Name);
