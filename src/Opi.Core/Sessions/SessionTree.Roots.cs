namespace Opi;

internal sealed partial class SessionTree
{
    private readonly Dictionary<int, int> _aboveMetadata = [];

    /// <summary>
    /// How many entries of the conversation have no other one above them in the file; 0 when a leaf decides, since they are not counted then.
    /// </summary>
    internal int Roots { get; private set; }

    /// <summary>
    /// Whether the parents make one tree. Sessions of the first opi versions name no parents at all; then, and where a lost line has cut
    /// the tree in two or parents lead in a circle, only the order of the file is left to go by.
    /// </summary>
    private bool IsOneTree()
    {
        bool hasLaterParent = false;
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].IsContent)
            {
                int parent = ContentAbove(i);
                Roots += parent < 0 ? 1 : 0;
                hasLaterParent |= parent >= i;
            }
        }

        return Roots == 1 && !(hasLaterParent && HasCircle());
    }

    private bool HasCircle()
    {
        int[] passedFor = new int[_entries.Count];
        for (int i = 0; i < _entries.Count; i++)
        {
            int position = _entries[i].IsContent ? i : -1;
            while (position >= 0 && passedFor[position] == 0)
            {
                passedFor[position] = i + 1;
                position = ContentAbove(position);
            }

            if (position >= 0 && passedFor[position] == i + 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The message or compaction that the parents of an entry lead to, past metadata; -1 for none.</summary>
    private int ContentAbove(int position)
    {
        List<int>? passed = null;
        int above = Find(_entries[position].ParentId, position - 1);
        while (above >= 0 && !_entries[above].IsContent)
        {
            if (_aboveMetadata.TryGetValue(above, out int known))
            {
                above = known;
                break;
            }

            _aboveMetadata[above] = -1; // so that metadata that hangs on itself leads nowhere
            (passed ??= []).Add(above);
            above = Find(_entries[above].ParentId, above - 1);
        }

        foreach (int metadata in passed ?? [])
        {
            _aboveMetadata[metadata] = above;
        }

        return above;
    }
}
