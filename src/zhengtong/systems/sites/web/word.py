"""Bringing in a text of Word or WPS: choose column and file, go on writing in the editor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import STAFF_ROLES
from zhengtong.systems.sites.selectors.desk import own_columns
from zhengtong.systems.sites.services.word import draft_from_word, read_word


@requires(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it."""
    actor, refusal, status = actor_of(request), "", 200
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            if upload is None or not request.POST.get("column", "").isdecimal():
                raise Invalid(_("请选择栏目和要导入的 docx 文件。"))
            word = read_word(upload.name or "", upload.read())
            page = draft_from_word(actor=actor, account=request.user, column_id=int(request.POST["column"]), word=word)
        except DomainError as error:
            refusal, status = error.message, 422
        else:
            messages.success(request, _("已存为草稿，请核对格式后继续编辑。"))
            if word.text.pictures:
                messages.warning(
                    request,
                    _("文件里有 %(n)d 张图片没有带入：请先上传到图片库，写好替代文字，再插入文中。")
                    % {"n": word.text.pictures},
                )
            return redirect("wagtailadmin_pages:edit", page.pk)
    context = {"columns": own_columns(actor), "chosen": request.POST.get("column", ""), "refusal": refusal}
    return render(request, "sites/word.html", context, status=status)
