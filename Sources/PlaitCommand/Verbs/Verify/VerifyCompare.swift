extension VerifyAction {
    func compare() throws(CommandError) -> ExitStatus { throw Self.absent }
}
