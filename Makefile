# The few commands people type. Each installs first what is missing and says so; the second time it starts at once.
#   make run    opens the program (without a display: an office day as a tour into build/tour)
#   make test   everything that must hold; ARGS="tests/core -k phone" runs a part
#   make bench  measures    make installer  one folder that runs without Python, in dist/crmdesk
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test bench installer translations lock clean

VENV   := .venv
PYTHON := $(VENV)/bin/python
MO     := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Qt asks for a UTF-8 locale; so does everybody who prints a Chinese name.
export LANG := $(if $(findstring UTF-8,$(LANG))$(findstring utf8,$(LANG)),$(LANG),C.UTF-8)

# What the system must bring: the file to look for = the Debian package that has it. Qt links EGL, GL and X11 even offscreen.
LIBRARIES := libEGL.so.1=libegl1 libGL.so.1=libgl1 libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1 \
    libglib-2.0.so.0=libglib2.0-0 libxkbcommon.so.0=libxkbcommon0 libxcb-cursor.so.0=libxcb-cursor0 \
    libxcb-icccm.so.4=libxcb-icccm4 libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0 \
    libxkbcommon-x11.so.0=libxkbcommon-x11-0 libcups.so.2=libcups2

help:
	@sed -n '2,4s/^#   //p' Makefile

run: $(VENV)/ready-run $(MO)
	@if [ "$$(uname)" != Linux ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(PYTHON) -m crmdesk $(ARGS); fi; \
	echo "There is no display here, so the program takes its office day as a tour instead: see build/tour."; \
	QT_QPA_PLATFORM=offscreen exec $(PYTHON) -m crmdesk tour --out build/tour $(ARGS)

test: $(VENV)/ready-test $(MO)
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

bench: $(VENV)/ready-test $(MO)
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m bench $(ARGS)

installer: $(VENV)/ready-installer $(MO)
	$(PYTHON) -m PyInstaller --noconfirm --log-level WARN build_installer.spec
	dist/crmdesk/crmdesk smoke
	@du -sh dist/crmdesk

# Texts: read them out of the code, merge them into the catalogues, compile.
translations: $(VENV)/ready-test
	$(VENV)/bin/pybabel -q extract -k _ -k N_ -k ngettext:1,2 -k pgettext:1c,2 --no-wrap --sort-by-file \
	    --add-location=file --project=crmdesk --copyright-holder="CRM Desk contributors" -o translations/crmdesk.pot crmdesk
	$(VENV)/bin/pybabel -q update -D crmdesk -i translations/crmdesk.pot -d translations --no-wrap \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(MAKE) --no-print-directory $(MO)

# Not by pybabel: it takes "85 % it" for a placeholder and refuses. Fields are compared by tests/test_house.py.
%.mo: %.po
	@$(PYTHON) -c 'import sys; from babel.messages import mofile, pofile; \
	    mofile.write_mo(open(sys.argv[2], "wb"), pofile.read_po(open(sys.argv[1], "rb")))' $< $@

# The newest versions that pyproject.toml allows; keeps the lines for other systems. Run the suite before committing it.
lock:
	python3 -m venv build/lock && build/lock/bin/pip -q install --upgrade pip setuptools '.[dev,installer]'
	@build/lock/bin/pip freeze --all --exclude crmdesk > build/lock/new.txt
	@{ grep '^#' constraints.txt; { cat build/lock/new.txt; grep -v '^#' constraints.txt; } \
	    | awk -F== '!seen[tolower($$1)]++' | sort -f; } > build/lock/constraints.txt && mv build/lock/constraints.txt constraints.txt

clean:
	rm -rf $(VENV) build dist

# The stamps: done once, and again when the lock, the wishes or this file change.
$(VENV)/ready-run: WANT := .
$(VENV)/ready-test: WANT := .[dev]
$(VENV)/ready-installer: WANT := .[dev,installer]
# PyInstaller reads libraries with objdump and takes the shared libpython along, which comes with the -dev package.
$(VENV)/ready-installer: COMMANDS := objdump=binutils python3-config=python3-dev
$(VENV)/ready-%: pyproject.toml constraints.txt Makefile
	@$(SYSTEM)
	@echo "Installing the Python packages of constraints.txt into $(VENV) (a few minutes the first time) ..."
	@$(PYTHON) -m pip install -q -c constraints.txt pip setuptools \
	    && PYTHONWARNINGS=ignore $(PYTHON) -m pip install -q -c constraints.txt --no-build-isolation -e '$(WANT)' \
	    || { echo "The Python packages could not be installed. Is there a network? The lines above say what pip missed."; exit 1; }
	@touch $@

# Debian's packages through apt-get (as root or by sudo), elsewhere the list in words; then an empty environment.
define SYSTEM
set -e; PATH="$$PATH:/usr/sbin:/sbin"; missing=; \
good() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
py=; for name in python3 python3.13 python3.12 python3.11; do if good $$name; then py=$$name; break; fi; done; \
if [ -z "$$py" ]; then missing="python3 python3-venv"; py=python3; \
elif ! $$py -c 'import ensurepip, venv' 2>/dev/null; then missing="$$py-venv"; fi; \
if [ "$$(uname)" = Linux ]; then known="$$(ldconfig -p)"; for pair in $(LIBRARIES); do \
    case "$$known" in *"$${pair%%=*} "*) ;; *) missing="$$missing $${pair#*=}";; esac; done; \
    for pair in $(COMMANDS); do command -v "$${pair%%=*}" >/dev/null || missing="$$missing $${pair#*=}"; done; fi; \
if [ -n "$$missing" ]; then \
    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
    if ! command -v apt-get >/dev/null || { [ -n "$$sudo" ] && ! command -v sudo >/dev/null; }; then \
        echo "These are missing, and only root can install them (Debian's names):" $$missing; exit 1; fi; \
    echo "Installing from Debian:" $$missing; \
    $$sudo apt-get update -qq || true; \
    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=120 \
        --no-install-recommends $$missing >/dev/null \
        || { echo "Debian's packages could not be installed. Is there a network? Needed:" $$missing; exit 1; }; \
fi; \
good $$py || { echo "Python 3.11 or newer is needed; this system's python3 is" "$$($$py --version 2>&1)"; exit 1; }; \
good $(PYTHON) && $(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "Making the environment $(VENV) with $$($$py --version) ..."; rm -rf $(VENV); $$py -m venv $(VENV); }
endef
