"""Who may sign in, and do what, by the command line: `python -m miniapp_api.staff --help` lists it all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from getpass import getpass
from typing import TextIO

import structlog
from sqlalchemy.orm import Session

from miniapp_api import logs
from miniapp_api.config import Settings, SettingsError
from miniapp_api.database import create_engine
from miniapp_api.errors import Problem
from miniapp_api.staff import service
from miniapp_api.staff.service import Duty, Role, StaffMember

log = structlog.get_logger()


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Run one command on the database of the environment.

    Args:
        arguments: the command line without the program's name; the process's, if None.
        out: where to print.

    Returns:
        0 if it was done, 1 if it was refused: then nothing was changed.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_level)
        engine = create_engine(settings.database_url)
        with Session(engine) as session, session.begin():
            options.run(session, options, out)
    except SettingsError as error:
        print(error, file=out)
        return 1
    except Problem as problem:
        print(problem.description, file=out)
        for name, why in problem.invalid_params:
            print(f"  · {name}：{why}", file=out)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m miniapp_api.staff", description="管理工作人员的账号")
    commands = parser.add_subparsers(required=True, metavar="命令")

    adding = commands.add_parser("add", help="添加一个人")
    adding.add_argument("username", help="用户名")
    adding.add_argument("--name", required=True, help="姓名")
    adding.add_argument("--role", required=True, choices=[role.value for role in Role], help="角色")
    adding.add_argument("--site", help="所在大厅的代号；只有系统管理员可以不填，不填就是全部大厅")
    _ask(adding)
    adding.set_defaults(run=_add)

    listing = commands.add_parser("list", help="列出所有人")
    listing.set_defaults(run=_list)

    for command, active, help_ in (("disable", False, "停用，立刻退出登录"), ("enable", True, "重新启用")):
        switching = commands.add_parser(command, help=help_)
        switching.add_argument("username", help="用户名")
        switching.set_defaults(run=_switch, active=active)

    changing = commands.add_parser("password", help="换一个密码，立刻退出登录，并解除锁定")
    changing.add_argument("username", help="用户名")
    _ask(changing)
    changing.set_defaults(run=_change)

    _duty(commands.add_parser("duty", help="给一个人加、去岗位"))

    removing = commands.add_parser("remove-factor", help="手机丢了：去掉手机验证码和恢复码，立刻退出登录")
    removing.add_argument("username", help="用户名")
    removing.set_defaults(run=_remove_factor)

    linking = commands.add_parser("link", help="关联统一身份认证的编号；不写编号就是取消关联")
    linking.add_argument("username", help="用户名")
    linking.add_argument("external_id", nargs="?", metavar="编号", help="统一身份认证里的 sub")
    linking.set_defaults(run=_link)
    return parser


def _duty(parser: argparse.ArgumentParser) -> None:
    changes = parser.add_subparsers(required=True, metavar="add|remove")
    known = "；".join(f"{duty.value} {duty.label}（{duty.about}）" for duty in Duty)
    for command, change, help_ in (("add", service.add_duty, "加岗位"), ("remove", service.remove_duty, "去岗位")):
        changing = changes.add_parser(command, help=help_)
        changing.add_argument("username", help="用户名")
        changing.add_argument("duty", choices=[duty.value for duty in Duty], help=known)
        changing.set_defaults(run=_change_duty, change=change, to=command)


def _ask(command: argparse.ArgumentParser) -> None:
    command.add_argument("--ask", action="store_true", help="自己输入密码；不写就生成一个，只显示这一次")


def _add(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    password = _password(options)
    member = service.add_member(
        session,
        username=options.username,
        name=options.name,
        role=Role(options.role),
        password=password,
        site_code=options.site,
    )
    print(f"已添加：{_line(member)}", file=out)
    _tell(password, options, out)


def _list(session: Session, _options: argparse.Namespace, out: TextIO) -> None:
    for member in service.members(session):
        print(_line(member), file=out)


def _switch(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    member = service.find_member(session, options.username)
    service.set_active(session, member, options.active)
    print(_line(member), file=out)


def _change(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    member = service.find_member(session, options.username)
    password = _password(options)
    service.set_password(session, member, password)
    print(f"已换密码：{_line(member)}", file=out)
    _tell(password, options, out)


def _change_duty(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    member = service.find_member(session, options.username)
    options.change(session, member, Duty(options.duty))
    log.info("duty_changed", staff=member.public_id, duty=options.duty, to=options.to)
    print(_line(member), file=out)


def _remove_factor(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    member = service.find_member(session, options.username)
    had = service.remove_second_factor(session, member)
    print(f"{'已去掉手机验证码' if had else '没有绑定过手机'}：{_line(member)}", file=out)


def _link(session: Session, options: argparse.Namespace, out: TextIO) -> None:
    member = service.find_member(session, options.username)
    service.set_external_id(session, member, options.external_id)
    print(f"{'已关联' if options.external_id else '已取消关联'}：{_line(member)}", file=out)


def _password(options: argparse.Namespace) -> str:
    """Ask for a password twice, or generate one.

    Raises:
        Problem: 422 if the two differ.
    """
    if not options.ask:
        return service.generate_password()
    password = getpass("密码：")
    if getpass("再输一次：") != password:
        raise Problem(422, detail="两次输入的密码不一样。")
    return password


def _tell(password: str, options: argparse.Namespace, out: TextIO) -> None:
    if not options.ask:
        print(f"密码（只显示这一次）：{password}", file=out)


def _line(member: StaffMember) -> str:
    state = "" if member.active else "已停用"
    where = member.site_code or "全部大厅"
    held = service.duties_of(member)
    duties = "、".join(duty.label for duty in Duty if duty in held)
    return "  ".join(filter(None, (member.username, member.name, member.role.label, where, duties, state)))


if __name__ == "__main__":
    sys.exit(main())
