extension VerifyAction {
    func listProperties() throws(CommandError) -> ExitStatus { throw Self.absent }

    func properties() throws(CommandError) -> ExitStatus { throw Self.absent }
}
