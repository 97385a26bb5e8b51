"""Networks: sizes of maps and outputs, numbers of weights by arithmetic, and what is normalized."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from anatomy import parts
