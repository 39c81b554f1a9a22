namespace Opi;

/// <summary>Where an image's bytes are.</summary>
public abstract record ImageSource
{
    private protected ImageSource()
    {
    }
}
