extension VerifyAction {
    func mutants() throws(CommandError) -> ExitStatus { throw Self.absent }
}
