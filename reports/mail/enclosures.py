"""What an answer says of a mail beside its workbooks: what came along, what was not found, and what to do."""

from collections.abc import Iterator, Sequence

from domain import wording
from domain.mails import EnclosureKind, Fate, MailRecord

_SHOWN = 10
TOO_LARGE = (
    "Tệp đã đánh dấu các ô sai quá lớn để gửi kèm; sửa theo các dòng ở trên, hoặc hỏi đầu mối cấp tỉnh để lấy tệp."
)
_TRY_AGAIN = "Đính kèm sổ tính theo biểu mẫu (.xlsx) vào một thư mới rồi gửi lại."
_WHAT_TO_DO = {
    EnclosureKind.RICH_TEXT: "Thư gửi ở dạng Outlook Rich Text (winmail.dat), tệp bên trong không lấy ra được: trong Outlook "
    "chọn Format Text - HTML hoặc Plain Text, đính kèm lại sổ tính rồi gửi lại.",
    EnclosureKind.LETTER: "Thư chuyển tiếp dưới dạng tệp Outlook (.msg) không mở được: mở thư ấy, lưu sổ tính ra máy rồi đính "
    "kèm chính sổ tính.",
    EnclosureKind.PACKED: "Tệp nén dạng này không mở được: giải nén rồi đính kèm từng sổ tính, hoặc nén lại dạng .zip không "
    "mật khẩu.",
    EnclosureKind.SEALED: "Cả thư được ký số hoặc mã hóa ở dạng đóng nên không mở được: gửi lại thư ở dạng thường; ký số thì "
    "ký trên tệp, hoặc chọn ký dạng “clear text”.",
    EnclosureKind.SCAN: "Bản PDF, bản scan không dùng để tổng hợp được; cần chính sổ tính, bản scan có thể gửi kèm.",
    EnclosureKind.PICTURE: "Ảnh không dùng để tổng hợp được; cần chính sổ tính.",
    EnclosureKind.DOCUMENT: "Văn bản Word, bài trình chiếu không dùng để tổng hợp được; cần chính sổ tính.",
}
"""What the sender of a mail without a workbook does, by what came instead of one."""
_WRAPPINGS = {EnclosureKind.RICH_TEXT, EnclosureKind.LETTER, EnclosureKind.PACKED, EnclosureKind.SEALED}
"""What may well hold the workbook; the sentence about it says how to send it again."""


def enclosure_lines(mail: MailRecord) -> list[str]:
    """What came along in the mail and was not read; nothing where nothing did."""
    return ["", _enclosed(mail)] if mail.enclosures else []


def lines_of_many(answers: Sequence[list[str]]) -> list[str]:
    """The answers to the workbooks of one mail, one after the other; of a single one it is that answer."""
    if len(answers) == 1:
        return list(answers[0])
    lines = [f"Thư có {len(answers)} sổ tính; kết quả từng tệp ở dưới."]
    for number, answer in enumerate(answers, start=1):
        lines += ["", f"TỆP {number}. {answer[0]}", *answer[1:]]
    return lines


def no_workbook_subject(mail: MailRecord) -> str:
    """The subject of the answer to a mail without a workbook."""
    what = {Fate.TOO_LARGE: "thư quá lớn", Fate.UNREADABLE: "thư không đọc được"}.get(
        mail.fate, "không thấy sổ tính đính kèm"
    )
    return f"[Kết nghĩa] {mail.subject[:80] or 'Thư của đơn vị'}: {what}"


def no_workbook_lines(mail: MailRecord, most_bytes: int) -> list[str]:
    """The answer to a mail without a workbook; files may be so large."""
    came = f"Thư “{mail.subject or '(không có tiêu đề)'}” nhận lúc {wording.moment(mail.arrived_at)}."
    if mail.fate is Fate.TOO_LARGE:
        return [
            "Thư quá lớn nên không mở; chưa có số liệu nào được tính.",
            came,
            f"Mỗi tệp nặng nhất {most_bytes // 1_000_000} MB: xóa ảnh và sheet không thuộc biểu mẫu, bỏ các tệp kèm theo khác, "
            "rồi gửi mỗi thư một sổ tính.",
        ]
    if mail.fate is Fate.UNREADABLE:
        return [
            "Thư không đọc được; chưa có số liệu nào được tính.",
            came,
            mail.reason,
            "Soạn một thư mới (không chuyển tiếp thư cũ), đính kèm sổ tính theo biểu mẫu (.xlsx) rồi gửi lại.",
        ]
    lines = ["Đã nhận thư, nhưng không thấy tệp sổ tính đính kèm; chưa có số liệu nào được tính.", came]
    if mail.enclosures:
        lines.append(_enclosed(mail))
    return [*lines, *_steps(mail), "Nếu thư chỉ để trao đổi thì không phải gửi lại: đầu mối cấp tỉnh đã được báo."]


def _steps(mail: MailRecord) -> Iterator[str]:
    if mail.links:
        yield (
            f"Trong thư có liên kết tới {', '.join(mail.links)}: chương trình không mở liên kết. Tải sổ tính về máy rồi đính kèm "
            "chính tệp ấy vào thư."
        )
    kinds = {each.kind for each in mail.enclosures}
    yield from (sentence for kind, sentence in _WHAT_TO_DO.items() if kind in kinds)
    if not mail.links and kinds.isdisjoint(_WRAPPINGS):
        yield _TRY_AGAIN


def _enclosed(mail: MailRecord) -> str:
    shown = [f"{each.name} ({each.kind.label})" for each in mail.enclosures[:_SHOWN]]
    if len(mail.enclosures) > _SHOWN:
        shown.append(f"và {len(mail.enclosures) - _SHOWN} tệp nữa")
    return f"Kèm theo, không đọc: {', '.join(shown)}."
