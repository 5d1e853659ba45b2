"""The portal: start page, system directory, privacy notice; it shows what the apps have and invents nothing."""
