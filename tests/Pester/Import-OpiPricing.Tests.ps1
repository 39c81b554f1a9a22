BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    $before = $env:OPI_CONFIG_DIR
    $env:OPI_CONFIG_DIR = "$TestDrive/settings"
    $samples = "$PSScriptRoot/../data/prices"
}

AfterAll {
    $env:OPI_CONFIG_DIR = $before
}

Describe 'Import-OpiPricing' {
    It 'takes the prices of <source>' -TestCases @(
        @{ Source = 'LiteLLM'; File = 'litellm_2026-08-01_sample.json'; Version = '2026-08-01' }
        @{ Source = 'genai-prices'; File = 'genai-prices_2026-09-23_sample.json'; Version = '2026-09-23' }
        @{ Source = 'pi-ai'; File = 'pi-ai_2026-11-10_sample.json'; Version = '2026-11-10' }
    ) {
        $import = Import-OpiPricing "$samples/$File" -WarningAction SilentlyContinue

        $import.Source | Should -Be $Source
        $import.Version | Should -Be $Version
        $import.Prices | Should -BeGreaterThan 100
        (Get-OpiPricing claude-opus-4-8).InputPrice | Should -Be 5
    }

    It 'refuses a broken file whole' {
        '{"a":{"litellm_provider":"a","mode":"chat","input_cost_per_token":"x","output_cost_per_token":1}}' | Set-Content "$TestDrive/bad.json"
        $now = Get-OpiPricing claude-opus-4-8

        { Import-OpiPricing "$TestDrive/bad.json" -ErrorAction Stop } | Should -Throw '*a: input_cost_per_token*' -ErrorId 'InvalidPriceFile,*'
        (Get-OpiPricing claude-opus-4-8).Source | Should -Be $now.Source
    }

    It 'goes back to the built-in prices' {
        Import-OpiPricing -Reset

        (Get-OpiPricing claude-opus-4-8).Source | Should -Be Catalog
    }
}
