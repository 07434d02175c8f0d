extension VerifyAction {
    func checkModels() throws(CommandError) -> ExitStatus { throw Self.absent }
}
