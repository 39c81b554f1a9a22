BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiPricing' {
    It 'lists all prices' {
        $providers = Get-OpiPricing | Select-Object -ExpandProperty Provider -Unique

        'anthropic', 'google', 'openai', 'openrouter' | ForEach-Object { $_ | Should -BeIn $providers }
    }

    It 'gives the price of a model' {
        $price = Get-OpiPricing anthropic:claude-sonnet-4-5

        $price.InputPrice | Should -Be 3
        $price.OutputPrice | Should -Be 15
        $price.Currency | Should -Be USD
    }

    It 'gives the price of the model of a session' {
        $session = New-OpiSession -Model openai:gpt-4o -Path "$TestDrive/s"

        ($session | Get-OpiPricing).InputPrice | Should -Be 2.5

        $session | Close-OpiSession
    }

    It 'picks with wildcards' {
        (Get-OpiPricing 'anthropic:claude-opus-4-[67]').Model -join ' ' | Should -Be 'claude-opus-4-6 claude-opus-4-7'
    }

    It 'gives the price of a time' {
        (Get-OpiPricing gpt-5.6-sol -At 2026-08-20).InputPrice | Should -Be 5
        (Get-OpiPricing gpt-5.6-sol -At 2026-08-21).InputPrice | Should -Be 4
    }

    It 'says when a model has no price' {
        { Get-OpiPricing acme:giant-1 -ErrorAction Stop } | Should -Throw '*acme:giant-1*' -ErrorId 'PriceNotFound,Opi.PowerShell.Commands.GetOpiPricingCommand'
    }
}
