namespace Pipeline.Spec.Estimates;

/// <summary>Floating-point operations of a model. A multiplication and an addition are two, as usual (J. Kaplan et al., arXiv:2001.08361, section 2.1).</summary>
internal static class Arithmetic
{
    /// <summary>Of reading one token in a row of so many: 2 for each weight of a matrix, the output head's included, and what attention does on the average of a causal row.</summary>
    public static double Forward(ModelSize model, double seq) =>
        2.0 * (model.Layers * model.LayerMatrices + model.Head) + 2.0 * model.Layers * model.Query * seq;

    /// <summary>
    /// Of learning from one token: backward is twice forward, for the gradients of inputs and of weights; an adapter needs hardly any of the
    /// latter; checkpointing computes the layers once more.
    /// </summary>
    public static double Training(ModelSize model, double seq, bool checkpointing, bool adapter) =>
        Forward(model, seq) * ((adapter ? 2 : 3) + (checkpointing ? 1 : 0));
}
