namespace Opi.Tests;

/// <summary>What was spent, what is reserved and what is asked for are together never more than the budget.</summary>
public sealed class BudgetReservationsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private decimal _spent;
    private bool _isKnown = true;
    private int _readings;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_amount_that_is_left_is_reserved_and_one_that_is_not_is_refused()
    {
        _spent = 1;
        BudgetReservations budget = New(5);
        using BudgetReservation first = budget.Reserve(3);

        BudgetException refused = Assert.Throws<BudgetException>(() => budget.Reserve(1.01m));

        Assert.Equal((true, 5m, 1m, 3m, 1.01m), (refused.IsOver, refused.Budget, refused.KnownCost, refused.Reserved, refused.Requested));
        Assert.Contains("$1.00 were spent, other requests under way have reserved $3.00, and this one can cost $1.01", refused.Message, StringComparison.Ordinal);
        budget.Reserve(1).Dispose(); // all of it may be spent
    }

    [Fact]
    public void What_was_billed_takes_the_place_of_what_was_reserved()
    {
        BudgetReservations budget = New(5);
        BudgetReservation first = budget.Reserve(4);
        Assert.Throws<BudgetException>(() => budget.Reserve(2));

        first.Settle(0.5m);
        first.Dispose();
        _spent = 0.5m;

        budget.Reserve(4.5m).Dispose();
        Assert.Throws<BudgetException>(() => budget.Reserve(4.51m));
    }

    [Fact]
    public void What_was_not_billed_is_free_again()
    {
        BudgetReservations budget = New(5);
        budget.Reserve(5).Dispose();

        budget.Reserve(5).Dispose();
    }

    [Fact]
    public void What_was_settled_counts_before_the_sessions_are_read_again()
    {
        BudgetReservations budget = New(5);
        budget.Reserve(4).Settle(3);
        Assert.Equal(1, _readings);

        BudgetReservation next = budget.Reserve(2); // 3 of 5, and no reading

        Assert.Equal(1, _readings);
        _spent = 3;
        Assert.Throws<BudgetException>(() => budget.Reserve(0.01m));
        next.Dispose();
    }

    [Fact]
    public void Nothing_is_refused_by_an_old_figure_nor_allowed_by_one()
    {
        _spent = 4;
        BudgetReservations budget = New(5);
        budget.Reserve(1).Dispose();
        _spent = 0; // a session was deleted
        _time.Now += TimeSpan.FromSeconds(2);

        budget.Reserve(5).Dispose();

        _spent = 5; // somebody recorded without a budget
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.Throws<BudgetException>(() => budget.Reserve(0.01m));
    }

    [Fact]
    public void A_cost_that_is_not_known_allows_nothing()
    {
        _isKnown = false;
        _spent = 1;

        BudgetException refused = Assert.Throws<BudgetException>(() => New(5).Reserve(1));

        Assert.False(refused.IsOver);
        New(5, allowUnknown: true).Reserve(4).Dispose();
        Assert.True(Assert.Throws<BudgetException>(() => New(5, allowUnknown: true).Reserve(4.01m)).IsOver);
    }

    [Fact]
    public void A_bill_that_is_not_known_makes_the_sessions_be_read()
    {
        BudgetReservations budget = New(5);
        budget.Reserve(1).Settle(null);
        _isKnown = false;

        Assert.Throws<BudgetException>(() => budget.Reserve(1));
    }

    [Fact]
    public void What_a_process_reserved_that_has_ended_is_free_and_its_answers_are_looked_for()
    {
        BudgetReservations budget = New(5);
        budget.Reserve(1).Dispose();
        BudgetFile file = NewFile();
        ProcessIdentity me = ProcessIdentity.Current;
        file.Use(TimeSpan.FromSeconds(5), _time, () =>
        {
            file.Holds.Add(new BudgetHold("a", me with { Id = 0x3FFFFFF }, 2, _time.GetUtcNow())); // no such process
            file.Holds.Add(new BudgetHold("b", me with { Start = me.Start - (TimeSpan.TicksPerHour * 24) }, 2, _time.GetUtcNow())); // another one of this id
            return true;
        }, CancellationToken.None);
        _spent = 0.5m; // recorded, and never settled

        budget.Reserve(4.5m).Dispose();
        Assert.Throws<BudgetException>(() => budget.Reserve(4.51m));
    }

    [Fact]
    public void What_a_process_on_another_machine_reserved_counts_for_an_hour()
    {
        BudgetFile file = NewFile();
        file.Use(TimeSpan.FromSeconds(5), _time, () =>
        {
            file.Holds.Add(new BudgetHold("a", new ProcessIdentity("elsewhere", 1, 1), 2, _time.GetUtcNow()));
            return true;
        }, CancellationToken.None);

        Assert.Throws<BudgetException>(() => New(5).Reserve(4));
        _time.Now += TimeSpan.FromMinutes(61);
        New(5).Reserve(4).Dispose();
    }

    [Fact]
    public async Task A_request_waits_for_others_where_only_they_stand_in_its_way()
    {
        var budget = new BudgetReservations(NewFile(), CostPeriod.Day, 5, _ => Spent()) { Wait = TimeSpan.FromMinutes(5) };
        BudgetReservation first = budget.Reserve(4);
        Task<BudgetReservation> second = Task.Run(() => budget.Reserve(3));

        _spent = 1;
        first.Settle(1);

        (await second).Dispose();
        using var stop = new CancellationTokenSource();
        using BudgetReservation third = budget.Reserve(4);
        Task waiting = Task.Run(() => budget.Reserve(1, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_new_period_begins_anew()
    {
        _spent = 5;
        Assert.Throws<BudgetException>(() => New(5).Reserve(1));

        _spent = 0;
        _time.Now += TimeSpan.FromDays(1);

        New(5).Reserve(5).Dispose();
    }

    [Fact]
    public void A_file_that_is_damaged_allows_nothing_and_says_which()
    {
        New(5).Reserve(1).Dispose();
        string path = Directory.GetFiles(_folder.Path, "budget-*.json").Single();
        File.WriteAllText(path, "{\"holds\":[{}]");

        Assert.Contains(path, Assert.Throws<LedgerWriteException>(() => New(5).Reserve(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_once_are_never_over()
    {
        decimal billed = 0;
        object gate = new();
        int refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 16 }, (i, stop) =>
        {
            var budget = new BudgetReservations(NewFile(), CostPeriod.Day, 5, _ => Spent()) { Wait = TimeSpan.FromMinutes(5) };
            try
            {
                using BudgetReservation reserved = budget.Reserve(0.2m, stop);
                decimal cost = i % 5 == 0 ? 0 : 0.02m * (1 + (i % 9));
                lock (gate)
                {
                    billed += cost;
                    _spent += cost;
                }

                if (cost > 0)
                {
                    reserved.Settle(cost);
                }
            }
            catch (BudgetException)
            {
                Interlocked.Increment(ref refused);
            }

            return ValueTask.CompletedTask;
        });

        Assert.InRange(billed, 4.7m, 5m);
        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData(Provider.Anthropic, "anthropic:claude-sonnet-4-5", """{"model":"claude-sonnet-4-5","max_tokens":1000,"messages":[]}""", 0.015, 0.0152)]
    [InlineData(Provider.Gemini, "google:gemini-2.5-pro", """{"generationConfig":{"maxOutputTokens":1000},"contents":[]}""", 0.010, 0.0102)]
    [InlineData(Provider.OpenAIResponses, "openai:gpt-4o", """{"max_output_tokens":1000,"input":[]}""", 0.010, 0.0102)]
    [InlineData(Provider.OpenAIChat, "openai:gpt-4o", """{"max_completion_tokens":1000,"n":3,"messages":[]}""", 0.030, 0.0302)]
    [InlineData(Provider.Bedrock, "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0", """{"inferenceConfig":{"maxTokens":1000},"messages":[]}""", 0.015, 0.0182)]
    [InlineData(Provider.Ollama, "ollama:llama3", """{"options":{"num_predict":1000},"messages":[]}""", 0, 0)]
    public void The_bound_of_a_request_is_its_limit_at_the_price_of_output(Provider provider, string model, string body, double least, double most)
    {
        RequestBound bound = RequestBound.Of(provider, model, SerdeJson.Parse(System.Text.Encoding.UTF8.GetBytes(body)), [], DateTimeOffset.UtcNow);

        Assert.Null(bound.Why);
        Assert.InRange((double)bound.Cost!.Value, least, most);
    }

    [Fact]
    public void The_bound_of_a_request_counts_its_text_and_is_no_more_than_the_window()
    {
        decimal Cost(int words, string more = "") => RequestBound.Of(
            Provider.Anthropic,
            "anthropic:claude-sonnet-4-5",
            SerdeJson.Parse(System.Text.Encoding.UTF8.GetBytes(
                $$"""{"max_tokens":1000,"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("word", words))}}"}]{{more}}}""")),
            [],
            DateTimeOffset.UtcNow).Cost!.Value;

        Assert.InRange(Cost(10_000) - Cost(0), 10_000 * 3e-6m, 10_000 * 6e-6m);
        Assert.Equal(Cost(5_000_000), Cost(6_000_000)); // the model's window
        Assert.InRange((Cost(10_000, ",\"cache_control\":{\"type\":\"ephemeral\"}") - 0.015m) / (Cost(10_000) - 0.015m), 1.2m, 1.3m);
        Assert.InRange((Cost(10_000, ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}") - 0.015m) / (Cost(10_000) - 0.015m), 1.9m, 2.1m);
    }

    [Fact]
    public void The_bytes_of_an_image_are_not_counted_as_text_and_base64_without_an_image_is()
    {
        string data = Convert.ToBase64String(new byte[300_000]);
        var image = new UserMessage([new ImageContent(ImageSource.FromBase64(data), "image/png")], 0);
        decimal Cost(params AgentMessage[] context) => RequestBound.Of(
            Provider.Anthropic,
            "anthropic:claude-sonnet-4-5",
            SerdeJson.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"max_tokens":1000,"messages":[{"role":"user","content":"{{data}}"}]}""")),
            context,
            DateTimeOffset.UtcNow).Cost!.Value;

        Assert.InRange(Cost(image) - 0.015m, 5_000 * 3e-6m, 6_000 * 3e-6m);
        Assert.InRange(Cost() - 0.015m, 10_000 * 3e-6m, 1m);
    }

    [Theory]
    [InlineData(Provider.Anthropic, "acme:giant", """{"max_tokens":10}""", "has no price")]
    [InlineData(Provider.Anthropic, null, """{"max_tokens":10}""", "model is not known")]
    [InlineData(Provider.Anthropic, "anthropic:claude-sonnet-4-5", """{"max_tokens":10,"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", "runs 'web_search_20250305'")]
    [InlineData(Provider.OpenAIResponses, "openai:gpt-4o", """{"max_output_tokens":10,"tools":[{"type":"web_search"}]}""", "runs 'web_search'")]
    [InlineData(Provider.Gemini, "google:gemini-2.5-pro", """{"tools":[{"googleSearch":{}}]}""", "runs 'googleSearch'")]
    [InlineData(Provider.Anthropic, "anthropic:claude-sonnet-4-5", """{"max_tokens":10,"service_tier":"platinum"}""", "no price at the rate")]
    public void A_request_that_cannot_be_priced_says_why(Provider provider, string? model, string body, string why)
    {
        RequestBound bound = RequestBound.Of(provider, model, SerdeJson.Parse(System.Text.Encoding.UTF8.GetBytes(body)), [], DateTimeOffset.UtcNow);

        Assert.Null(bound.Cost);
        Assert.Contains(why, bound.Why, StringComparison.Ordinal);
    }

    private BudgetFile NewFile() => new(_folder.Path, "/sessions");

    private BudgetReservations New(decimal budget, bool allowUnknown = false) => new(NewFile(), CostPeriod.Day, budget, _ => Spent())
    {
        TimeProvider = _time,
        AllowUnknown = allowUnknown,
        Wait = TimeSpan.Zero,
    };

    private CostGroup Spent()
    {
        Interlocked.Increment(ref _readings);
        return new CostGroup([], new OpiCost { KnownCost = _spent, TotalCost = _isKnown ? _spent : null });
    }
}
