"""Stand-ins for the SDKs of model vendors.

bfcl-eval imports the handlers of all vendors at its start: 10 s of imports and hundreds of megabytes for classes that an
OpenAI-compatible endpoint never uses. What is asked of these modules is only that names can be imported from them.
"""

import importlib.abc
import importlib.machinery
import sys
import types

VENDORS = (
    "anthropic",
    "boto3",
    "cohere",
    "google",
    "mistralai",
    "qwen_agent",
    "soundfile",
    "vertexai",
    "writerai",
)


class Named(type):
    """Attributes of stand-ins are stand-ins."""

    def __getattr__(cls, name):
        return stand_in(name)


def stand_in(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Named(name, (Exception,), {})


class Absent(types.ModuleType):
    __path__ = ()

    def __getattr__(self, name):
        return stand_in(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in VENDORS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


def install():
    sys.meta_path.insert(0, Finder())
