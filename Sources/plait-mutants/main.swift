import PlaitCommand

PlaitCommand.mutants()
