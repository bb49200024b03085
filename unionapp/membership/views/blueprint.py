"""The blueprint that all pages of membership hang on."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("membership", "unionapp.membership", url_prefix="/membership")
