BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiPricing' {
    It 'lists all prices' {
        (Get-OpiPricing | Select-Object -ExpandProperty Provider -Unique | Sort-Object) -join ',' | Should -Be 'anthropic,gemini,mistral,openai'
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
        (Get-OpiPricing 'openai:gpt-4o*').Count | Should -Be 2
    }

    It 'says when a model has no price' {
        { Get-OpiPricing acme:giant-1 -ErrorAction Stop } | Should -Throw '*acme:giant-1*' -ErrorId 'PriceNotFound,Opi.PowerShell.Commands.GetOpiPricingCommand'
    }
}
