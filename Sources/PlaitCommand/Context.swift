package import PlaitRun

/// What a verb works with besides its arguments: the outside world, and the plug-ins.
package struct Context {
    package let registry: Registry
    package let console: Console
    package let files: FileScenarioSource
    /// All verbs there are, for help.
    package let verbs: [Verb]

    package init(registry: Registry, console: Console, files: FileScenarioSource, verbs: [Verb]) {
        self.registry = registry
        self.console = console
        self.files = files
        self.verbs = verbs
    }
}
