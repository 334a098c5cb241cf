#!/usr/bin/env python3
"""The library as others get it: built afresh, shared and static, installed below a prefix, and used
from outside the tree.

The environment names the source tree (SOURCE_ROOT) and the compiler (CC).
"""
import collections
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = Path(os.environ["SOURCE_ROOT"])
sys.path[:0] = [str(ROOT / "tests/header"), str(ROOT / "tests/docs")]
import news_h  # noqa: E402

CC = shlex.split(os.environ["CC"])
HEADER = ROOT / "include/news/news.h"
LIBDIR = "lib"
# A static library below libnews with a name that must not come out at the top.
PROBE = "int lua_probe(void);\nint lua_probe(void)\n{\n    return 1;\n}\n"


def output_of(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}: exit status {done.returncode}\n"
                             f"{done.stdout}")
    return done.stdout


def needed_by(program):
    return re.findall(r"NEEDED\s+(\S+)", output_of("objdump", "-p", program))


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def version():
    text = (ROOT / "meson.build").read_text(encoding="utf-8")
    return re.search(r"version: '([^']+)'", text)[1]


def soversion():
    major, minor, _ = version().split(".")
    return f"0.{minor}" if major == "0" else major


def setUpModule():
    """Builds and installs what all tests look at."""
    global BASE, PREFIX, BUILD, LIB
    folder = tempfile.TemporaryDirectory(prefix="libnews-")
    unittest.addModuleCleanup(folder.cleanup)
    BASE = Path(folder.name)
    PREFIX, BUILD = BASE / "prefix", BASE / "build"
    LIB = PREFIX / LIBDIR
    (BASE / "probe.c").write_text(PROBE, encoding="utf-8")
    output_of(*CC, "-fPIC", "-c", "probe.c", "-o", "probe.o", cwd=BASE)
    output_of("ar", "rcs", "libprobe.a", "probe.o", cwd=BASE)
    output_of("meson", "setup", BUILD, ROOT, f"--prefix={PREFIX}", f"--libdir={LIBDIR}",
              "-Ddefault_library=both", "-Dtests=false", "--buildtype=plain",
              f"-Dc_link_args=-Wl,--whole-archive,{BASE}/libprobe.a,--no-whole-archive")
    output_of("ninja", "-C", BUILD)
    output_of("meson", "install", "-C", BUILD, "--no-rebuild")


def outside(**more):
    """The environment of a user who installed below a prefix."""
    inherited = {name: value for name, value in os.environ.items()
                 if name in ("PATH", "HOME", "TMPDIR", "LANG")}
    return {**inherited, "PKG_CONFIG_PATH": str(LIB / "pkgconfig"), "LD_LIBRARY_PATH": str(LIB),
            "CC": shlex.join(CC), **more}


def pkg_config(*options, **more):
    return output_of("pkg-config", *options, "libnews", env=outside(**more)).split()


class Case(unittest.TestCase):
    """Each test has a folder outside the tree."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=BASE)
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("outside.c", "issue.md"):
            shutil.copy(HERE / name, self.folder)

    def run_here(self, *command, **more):
        return output_of(*command, cwd=self.folder, env=outside(**more))


class Files(Case):
    def wanted(self):
        shared = [f"libnews.so{end}" for end in ("", "." + soversion(), "." + version())]
        files = ["bin/news", "include/news/news.h", "include/news/version.h",
                 f"{LIBDIR}/pkgconfig/libnews.pc",
                 *(f"{LIBDIR}/{name}" for name in [*shared, "libnews.a"])]
        pages = [path.name for path in (ROOT / "docs/man").glob("*.[1-9]")]
        pages += [f"{name}.3" for name in news_h.functions(HEADER)]
        return {*files, *(f"share/man/man{name[-1]}/{name}" for name in pages)}

    def test_nothing_else_is_installed(self):
        self.assertEqual(files_below(PREFIX), self.wanted())

    def test_destdir(self):
        """A package is made elsewhere, and nothing in it knows where."""
        output_of("meson", "install", "-C", BUILD, "--no-rebuild",
                  "--destdir", self.folder / "root")
        below = self.folder / "root" / PREFIX.relative_to("/")
        self.assertEqual(files_below(below), self.wanted())
        self.assertEqual(files_below(self.folder / "root"),
                         {str(PREFIX.relative_to("/") / name) for name in self.wanted()})
        for name in self.wanted():
            self.assertEqual((below / name).read_bytes(), (PREFIX / name).read_bytes(), name)

    def test_soname(self):
        headers = output_of("objdump", "-p", LIB / "libnews.so")
        self.assertEqual(re.search(r"SONAME\s+(\S+)", headers)[1], "libnews.so." + soversion())
        self.assertEqual((LIB / f"libnews.so.{soversion()}").resolve().name,
                         "libnews.so." + version())

    def test_symbols(self):
        """Of what was installed, with a static library linked into it."""
        self.assertIn(" lua_probe", output_of("nm", LIB / "libnews.so"))
        output_of(sys.executable, ROOT / "tests/header/symbols.py", LIB / "libnews.so",
                  LIB / "libnews.a", HEADER)

    def test_command(self):
        self.assertEqual(self.run_here(PREFIX / "bin/news", "--version"), f"news {version()}\n")
        text = self.run_here(PREFIX / "bin/news", "render", "-f", "text", "issue.md")
        self.assertIn("The bell\n--------\n", text)


class PkgConfig(Case):
    needed = ["lua", "cmark", "yaml", "utf8proc"]

    def test_version(self):
        self.assertEqual(pkg_config("--modversion"), [version()])
        text = (PREFIX / "include/news/version.h").read_text(encoding="utf-8")
        self.assertIn(f'NEWS_VERSION_STRING "{version()}"', text)

    def test_shared(self):
        """A program is linked against libnews alone."""
        self.assertEqual(pkg_config("--libs"), [f"-L{LIB}", "-lnews"])
        self.assertIn(f"-I{PREFIX}/include", pkg_config("--cflags"))

    def test_static(self):
        """What libnews needs is in Requires.private."""
        private = " ".join(pkg_config("--print-requires-private"))
        flags = " ".join(pkg_config("--static", "--libs"))
        for name in self.needed:
            self.assertIn(name, private)
            self.assertIn("-l" + name, flags)
        self.assertEqual(pkg_config("--print-requires"), [])


class Programs(Case):
    """outside.c says what it asks of the library."""
    warnings = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]

    def compile(self, *options):
        self.run_here(*CC, *self.warnings, "outside.c", "-o", "outside", *options)

    def check_output(self, **more):
        output = self.run_here("./outside", "issue.md", **more)
        for step in ("make a context", "parse", "walk", "check", "add a function",
                     "load a format", "render html", "render the format"):
            self.assertRegex(output, rf"(?m)^{step}: \d+ requests")
        self.assertIn("\n**THE BELL!\n", output)

    def test_shared(self):
        self.compile(*pkg_config("--cflags", "--libs"))
        self.check_output()
        needed = needed_by(self.folder / "outside")
        self.assertIn("libnews.so." + soversion(), needed)
        self.assertNotIn("lua", " ".join(needed))

    def test_static(self):
        self.compile("-static", *pkg_config("--static", "--cflags", "--libs"))
        self.check_output(LD_LIBRARY_PATH="")

    def test_uninstalled(self):
        tree = {"PKG_CONFIG_PATH": str(BUILD / "meson-uninstalled"),
                "LD_LIBRARY_PATH": str(BUILD / "libnews")}
        flags = pkg_config("--cflags", "--libs", **tree)
        self.assertNotIn(str(PREFIX), " ".join(flags))
        self.compile(*flags)
        self.check_output(**tree)


class Document(Case):
    """docs/embedding.md on building programs: what stands there, word for word."""
    files = ["harbour.c", "CMakeLists.txt", "meson.build", "harbour.md"]

    def trial(self):
        os.environ.update(NEWS=str(PREFIX / "bin/news"), BUILD_ROOT=str(BUILD))
        import test_docs  # which looks at the environment
        test_docs.ENVIRONMENT.update(outside(PATH=test_docs.ENVIRONMENT["PATH"]))
        test_docs.SECONDS = 300  # the tree is built once more, as a subproject
        (self.folder / "subprojects").mkdir()
        (self.folder / "subprojects/libnews").symlink_to(ROOT)
        return (test_docs.Trial(self.folder, collections.Counter()),
                test_docs.blocks_of(ROOT / "docs/embedding.md"))

    def test_examples(self):
        trial, blocks = self.trial()
        tried = []
        for block in blocks:
            if block.remarks.get("file") in self.files:
                trial.file(block, block.language)
            elif "installed" in block.remarks:
                remarks = {**block.remarks}
                del remarks["installed"]
                trial.try_block(block._replace(remarks=remarks))
                tried.append(" ".join(block.text.split()[:2]))
        self.assertEqual(tried, ["$ cmake", "$ meson", "$ cc", "import libnews", "$ python3"])
        shared = "libnews.so." + soversion()
        self.assertIn(shared, needed_by(self.folder / "cmake-build/harbour"))
        self.assertNotIn(shared, needed_by(self.folder / "meson-build/harbour"))
        self.assertEqual(needed_by(self.folder / "harbour-static"), [])
        self.check_fallback()
        self.check_static_alone()

    def check_fallback(self):
        """Where no library is installed, the tree is taken without being asked for."""
        told = self.run_here("meson", "setup", "fallback", PKG_CONFIG_PATH="")
        self.assertIn("Executing subproject libnews", told)
        self.assertIn(f"Dependency libnews found: YES {version()} (overridden)", told)
        self.run_here("meson", "install", "-C", "meson-build", "--skip-subprojects",
                      "--destdir", self.folder / "skipped")
        self.assertEqual(files_below(self.folder / "skipped"), set())

    def check_static_alone(self):
        """Where there is no shared library, --static is not needed. The subproject is such a
        one."""
        self.run_here("meson", "install", "-C", "meson-build", "--destdir", self.folder / "root")
        below = {Path(path).name: self.folder / "root" / path
                 for path in files_below(self.folder / "root")}
        self.assertEqual(set(below), {"libnews.a", "libnews.pc", "news.h", "version.h"})
        flags = pkg_config("--libs", PKG_CONFIG_PATH=str(below["libnews.pc"].parent))
        for name in PkgConfig.needed:
            self.assertIn("-l" + name, " ".join(flags))


if __name__ == "__main__":
    unittest.main()
