import PlaitCommand

PlaitCommand.main()
