"""Software-defined assets, all made by one factory from the contracts."""
