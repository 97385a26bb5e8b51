# The commands. `make` alone lists them; GNU make 3.81 (macOS) is enough.
#
# make itself exits with 2 for every failure; the last line it prints names our own code:
# Error 2 = the input was wrong, Error 1 = the run failed, and what was finished is kept.

PYTHON  ?= python3
PRESET  ?= laptop
PORT    ?= 8000
KILLS   ?= 200
CLUSTER ?=
ARCHIVE ?=
TORCH   ?=
HTML    := _build/html

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup cluster book serve lab test check mutants redraw crash cluster-test cluster-faults \
	cluster-scale figure benchmark speedrun notebooks pictures pdf archive archive-check lock clean moved

# $(call step,words,command): say what runs, run it, say how long it took; a failure ends the target.
step = @echo "== $(1)"; start=$$(date +%s); \
	$(2) || { code=$$?; echo "== $(1): failed after $$(($$(date +%s) - start)) s" >&2; exit $$code; }; \
	echo "== $(1): $$(($$(date +%s) - start)) s"

# $(call afresh,words,command): the same with an empty run store of its own.
afresh = $(call step,$(1),( store=$$(mktemp -d) && trap 'rm -rf "$$store"' EXIT && ANATOMY_STORE="$$store" $(2) ))

# Taken as they are written: make would expand a $ in them for the environment of each command.
unexport PRESET CHAPTER DATASET DATA_ROOT PORT PYTHON KILLS CLUSTER ARCHIVE TORCH
# $(call quoted,NAME): the variable's text as one word of the shell, whatever its characters ($ too: not expanded).
quoted = '$(subst ','\'',$(value $(1)))'
# An environment of its own for another torch; only what belongs in a version is part of its name.
VENV  := .venv$(if $(value TORCH),-torch-$(shell printf %s $(call quoted,TORCH) | tr -cd 'a-z0-9.'))
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
# NAME=value of the command line becomes --name=value, and only if it was given.
given = $(if $(value $(1)),--$(2)=$(call quoted,$(1)))
BOOK  = $(BIN)/python book/build.py $(call given,PRESET,preset) $(call given,CHAPTER,chapter) \
	$(call given,DATASET,dataset) $(call given,DATA_ROOT,data-root) $(call given,CLUSTER,cluster)

help:
	@echo 'The Anatomy of Contrastive Learning: the commands'
	@echo
	@echo '  make book        set up, train, draw and render; says where the page is and how long it took'
	@echo '                   PRESET=smoke|laptop|overnight|gpu|published (now: '$(call quoted,PRESET)'; published trains nothing)'
	@echo '                   CHAPTER=dictionary_size  DATASET=cifar10 DATA_ROOT=folder'
	@echo '                   CLUSTER=local:2, the address of a Dask scheduler, or NAME.toml: on many machines'
	@echo '  make serve       show the rendered book on http://127.0.0.1:'$(call quoted,PORT)' (PORT=...)'
	@echo '  make lab         open the notebooks in JupyterLab'
	@echo
	@echo '  make check       lint, types and unit tests: two minutes'
	@echo '  make test        all of it: check, slow tests, notebooks, strict book, browser'
	@echo '  make mutants     break the code on purpose; each break must turn a unit test red'
	@echo '  make redraw      every figure: each row is followed to its runs, and the files of the book are drawn again'
	@echo '  make crash       kill a study at KILLS='$(call quoted,KILLS)' random moments; it must go on to the same numbers'
	@echo '  make cluster-test    studies on Dask, in one process and over the network of this machine'
	@echo '  make cluster-faults  KILLS workers and more on the way, each worker in a network of its own; as root, on Linux'
	@echo '  make cluster-scale   what a run costs beside its training; 100,000 runs on 1,000 workers that sleep'
	@echo '  make notebooks   refresh the committed outputs of the notebooks'
	@echo '  make figure      draw the picture of the README from the published records'
	@echo '  make benchmark   our speed beside lightly'"'"'s, measured in one run'
	@echo '  make speedrun    what two cores learn in 2, 10 and 60 minutes from the images in DATA_ROOT; some hours'
	@echo '  make pictures    draw the images of the page "In pictures" again; trains one run, some minutes'
	@echo '  make pdf         print the book that make book has rendered into one file, by Chromium'
	@echo '  make archive     pack code, records and the book made from them into one file, with checksums'
	@echo '  make archive-check   unpack ARCHIVE=file, check it, render its book anew, and compare each page'
	@echo
	@echo '  make setup       only the environment (.venv); the other commands do it by themselves'
	@echo '  make cluster     what only many machines need (Dask), into .venv; CLUSTER=... does it by itself'
	@echo '  make lock        resolve requirements.lock and requirements-cluster.lock anew from pyproject.toml'
	@echo '  make clean       remove what was rendered and cached; runs and .venv stay'
	@echo
	@echo '  PYTHON=python3.12 chooses the interpreter (3.11 to 3.13) for the set-up.'
	@echo '  TORCH=2.11 (or newest) does any of it with another torch, in an environment of its own.'

# --- for readers

book: setup $(if $(value CLUSTER),cluster)
	@$(BOOK)

serve: setup
	@test -f $(HTML)/index.html || { echo 'There is no book in $(HTML) yet: run make book first.' >&2; exit 2; }
	@echo 'The book is on http://127.0.0.1:'$(call quoted,PORT)' until you press Ctrl-C.'
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(HTML) $(call quoted,PORT)

# It would ask whether it may fetch news (without an address for them too, so a setting says no), and look for newer
# versions of itself.
NO_NEWS = --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	--LabApp.app_settings_dir=$(CURDIR)/tools/lab

lab: setup
	@$(BIN)/jupyter lab $(NO_NEWS) --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

# --- for developers

UNIT = $(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not browser and not cluster and not alone"
# What a processor's own kernels decide.
TRAINING = tests/test_backbones.py tests/test_layers.py tests/test_train.py tests/test_worker.py tests/methods tests/norms

check: setup
	$(call step,lint,$(BIN)/ruff check --quiet --output-format concise . && $(BIN)/ruff format --quiet --check --output-format concise .)
	$(call step,types,$(BIN)/mypy)
	$(call afresh,unit tests,$(UNIT))
	$(call afresh,compiled graphs,$(BIN)/pytest -q -m alone tests/test_graphs.py)

NBVAL = $(BIN)/pytest -q -n 2 --dist loadfile --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg notebooks

test: check
	$(call afresh,slow tests,$(BIN)/pytest -q -n 2 --dist loadfile -m "slow and not browser and not cluster")
	$(call afresh,notebooks,$(NBVAL))
	$(call afresh,training on an older processor,sh tools/older_processor.sh $(UNIT) $(TRAINING))
	$(call afresh,notebooks on an older processor,sh tools/older_processor.sh $(NBVAL))
	$(call afresh,book (smoke),$(BIN)/python book/build.py --preset smoke)
	$(call afresh,browser,$(BIN)/pytest -q -n 2 --dist loadfile -m browser)

mutants: setup
	@$(BIN)/python tests/mutants.py

redraw: setup
	@$(BIN)/python tests/follow.py

crash: setup
	@$(BIN)/python tests/crash.py --kills $(call quoted,KILLS)

cluster-test: cluster
	$(call afresh,studies on Dask,$(BIN)/pytest -q -m cluster)

cluster-faults: cluster
	@$(BIN)/python tests/cluster_faults.py --kills $(call quoted,KILLS)

cluster-scale: cluster
	$(call step,a run beside its training,$(BIN)/python benchmarks/cluster_scale.py)
	$(call step,a study of 100000 runs,$(BIN)/python benchmarks/cluster_simulation.py --faster 3)

notebooks: setup
	@$(BIN)/python book/notebooks.py

figure: setup
	@$(BIN)/python book/readme_figure.py

pictures: setup
	@$(BIN)/python book/pictures.py

pdf: setup
	@$(BIN)/python book/pdf.py

archive: setup
	$(call step,the book of the published records,$(BIN)/python book/build.py --preset published)
	@$(BIN)/python tools/archive.py pack _build/archive

archive-check: setup
	@$(BIN)/python tools/archive.py check --pages $(call quoted,ARCHIVE)

benchmark: .venv-benchmark/.ready
	@PYTHONPATH=src .venv-benchmark/bin/python benchmarks/benchmark.py
	@$(BIN)/python book/speed_page.py

speedrun: .venv-benchmark/.ready
	@PYTHONPATH=src .venv-benchmark/bin/python benchmarks/speedrun.py --data-root $(call quoted,DATA_ROOT) --workers 2

# --- the environment

setup: $(READY)

# A tree that was moved or copied has an environment that still points to the old place.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): moved
endif

$(READY): requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(call quoted,PYTHON) $(VENV) requirements.lock $(call quoted,TORCH)

cluster: $(VENV)/.cluster

# On top of the environment, which a new set-up strips of it again: then $(READY) is newer.
$(VENV)/.cluster: requirements-cluster.lock $(READY)
	$(call step,Dask,$(BIN)/uv pip install --quiet --python $(VENV) --no-deps --require-hashes --requirement $<)
	@touch $@

.venv-benchmark/.ready: benchmarks/requirements.lock $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-benchmark
	$(call step,environment of the benchmark,$(BIN)/uv pip sync --quiet $${PYTHONDONTWRITEBYTECODE:+--compile-bytecode} \
		--python .venv-benchmark --require-hashes $<)
	@touch $@

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --upgrade

lock: setup
	$(call step,lock,$(LOCK) --extra dev pyproject.toml --output-file requirements.lock)
	$(call step,lock of the cluster,$(BIN)/python tools/extra.py cluster | $(LOCK) --constraint requirements.lock \
		--output-file requirements-cluster.lock -)
	$(call step,lock of the benchmark,$(LOCK) benchmarks/requirements.in --output-file benchmarks/requirements.lock)

clean:
	@rm -rf _build book/chapters .mypy_cache .pytest_cache .ruff_cache .hypothesis
