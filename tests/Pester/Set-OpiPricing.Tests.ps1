BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    $before = $env:OPI_CONFIG_DIR
    $env:OPI_CONFIG_DIR = "$TestDrive/settings"
}

AfterAll {
    $env:OPI_CONFIG_DIR = $before
}

Describe 'Set-OpiPricing' {
    It 'sets a price that goes before that of the catalogue' {
        Set-OpiPricing anthropic:claude-opus-4-8 -InputPrice 4.5

        $price = Get-OpiPricing claude-opus-4-8
        $price.Source | Should -Be User
        $price.InputPrice | Should -Be 4.5
        $price.OutputPrice | Should -Be 25
    }

    It 'is seen by another process' {
        Set-OpiPricing 'acme:*' -InputPrice 1 -OutputPrice 2
        $module = (Resolve-Path "$PSScriptRoot/../../Opi.psd1").Path

        $command = "Import-Module '$module'; (Get-OpiPricing acme:giant-1).OutputPrice"

        & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -Command $command | Should -Be 2
    }

    It 'takes own prices out' {
        Get-OpiPricing | Where-Object Source -EQ User | Set-OpiPricing -Remove

        (Get-OpiPricing claude-opus-4-8).Source | Should -Be Catalog
        { Get-OpiPricing acme:giant-1 -ErrorAction Stop } | Should -Throw -ErrorId 'PriceNotFound,*'
    }

    It 'wants both prices where nothing is known' {
        { Set-OpiPricing acme:m -InputPrice 1 -ErrorAction Stop } | Should -Throw -ErrorId 'PriceIncomplete,*'
    }
}
