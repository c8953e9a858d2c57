"""The compiled modules that SwiftPM left behind, for compiling against them."""

import json
import pathlib
import subprocess
import sys

from .blocks import ROOT

LIBRARY = "Apus"

# Modules after those that their comments may link to.
ORDER = ["Core", "Activations", "Normalization"]


def manifest_api():
    """Where the module PackageDescription is, beside the compiler."""
    found = subprocess.run(
        ["swiftc", "-print-target-info"], capture_output=True, text=True, check=True).stdout
    resources = pathlib.Path(json.loads(found)["paths"]["runtimeResourcePath"])
    return str(resources / "pm" / "ManifestAPI")


class Products:
    """A folder of SwiftPM's products."""

    def __init__(self, folder=None):
        self.folder = pathlib.Path(folder or ROOT / ".build" / "debug").resolve()
        self.modules = self.folder / "Modules"
        if not (self.modules / f"{LIBRARY}.swiftmodule").exists():
            sys.exit(f"{self.folder} has no module {LIBRARY}: run `swift build` first")

    def __contains__(self, module):
        return (self.modules / f"{module}.swiftmodule").exists()

    @property
    def names(self):
        """The library's Swift modules."""
        return sorted(
            path.name for path in (ROOT / "Modules").iterdir()
            if path.name != "Course" and path.name in self)

    @property
    def search(self):
        """Options with which the compiler finds the modules."""
        options = ["-I", str(self.modules)]
        for module in self.folder.glob("*.build/module.modulemap"):
            options += ["-Xcc", f"-fmodule-map-file={module}"]
        return options

    def objects(self):
        """The object files of the library."""
        return [
            str(path) for name in [*self.names, "Kernels"]
            for path in (self.folder / f"{name}.build").rglob("*.o")]

    def compile(self, files, options, link=False):
        """Compiles files as one module; what fails ends the script."""
        command = ["swiftc", "-swift-version", "6", "-suppress-warnings", "-module-name",
                   "Examples", *options, *self.search, *map(str, files)]
        if link:
            command += ["-Onone", *self.objects()]
        if subprocess.run(command, cwd=ROOT).returncode:
            sys.exit("examples do not compile")

    def symbol_graphs(self, folder):
        """Writes the public symbols of each module into a folder of its own; returns the folders."""
        info = json.loads(subprocess.run(
            ["swiftc", "-print-target-info"], capture_output=True, text=True, check=True).stdout)
        folders = {}
        for module in self.names:
            place = pathlib.Path(folder) / module
            place.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["swift", "symbolgraph-extract", "-module-name", module, *self.search,
                 "-target", info["target"]["triple"], "-minimum-access-level", "public",
                 "-skip-synthesized-members", "-output-dir", str(place)], check=True)
            folders[module] = place
        return folders
