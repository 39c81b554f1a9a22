BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiToolSchema' {
    BeforeAll {
        function Get-Place {
            <#
            .SYNOPSIS
            Finds a place.
            #>
            param([Parameter(Mandatory)] [string]$Name, [ValidateRange(1, 9)] [int]$Count)
        }
    }

    It 'shows what a model sees of a function' {
        $tool = Get-OpiToolSchema Get-Place
        $tool.Name | Should -Be 'Get-Place'
        $tool.Description | Should -Be 'Finds a place.'
        $tool.Parameter | Should -Be 'Name', 'Count'
        $tool.Required | Should -Be 'Name'
        ($tool.Schema | ConvertFrom-Json).properties.Count.maximum | Should -Be 9
    }

    It 'takes commands from the pipeline' {
        (Get-Command Get-Place, Get-Date | Get-OpiToolSchema).Name | Should -Be 'Get-Place', 'Get-Date'
    }

    It 'has the form of a request' {
        (Get-OpiToolSchema Get-Place -As Bedrock).toolConfig.tools[0].toolSpec.name | Should -Be 'Get-Place'
        Get-OpiToolSchema Get-Place -As Ollama -AsJson | ConvertFrom-Json | ForEach-Object { $_.tools[0].function.name } | Should -Be 'Get-Place'
    }

    It 'refuses what is not a tool' {
        { Get-OpiToolSchema no-such-command -ErrorAction Stop } |
            Should -Throw '*no command of this name*' -ErrorId 'InvalidTool,Opi.PowerShell.Commands.GetOpiToolSchemaCommand'
    }
}
