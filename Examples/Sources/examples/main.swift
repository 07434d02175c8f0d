import PlaitCommand
import PlaitRun

var registry = Registry.standard
registry.schedulers.registrations.append(Thrifty.registration)
registry.congestion.registrations.append(Vegas.registration)
PlaitCommand.main(registry: registry)
