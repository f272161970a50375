"""The API that Tencent serves at api.weixin.qq.com, as far as an approval bureau needs it."""

from wechat_simulator.endpoints import credentials, login, messages, mini_codes, subscription, users
from wechat_simulator.endpoints.call import Endpoint

ENDPOINTS = (
    Endpoint("/cgi-bin/token", "GET", credentials.token),
    Endpoint("/cgi-bin/stable_token", "POST", credentials.stable_token),
    Endpoint("/cgi-bin/message/custom/send", "POST", messages.send, "official"),
    Endpoint("/cgi-bin/message/custom/typing", "POST", messages.typing, "official"),
    Endpoint("/cgi-bin/user/info", "GET", users.info, "official"),
    Endpoint("/cgi-bin/qrcode/create", "POST", users.create_qr, "official"),
    # text/plain although it is JSON [from memory].
    Endpoint("/sns/jscode2session", "GET", login.code_to_session, content_type="text/plain"),
    Endpoint("/wxa/checksession", "GET", login.check_session, "mini"),
    Endpoint("/wxa/business/getuserphonenumber", "POST", login.phone_number, "mini"),
    Endpoint("/wxa/getwxacodeunlimit", "POST", mini_codes.unlimited, "mini"),
    Endpoint("/cgi-bin/message/subscribe/send", "POST", subscription.send, "mini"),
)

__all__ = ["ENDPOINTS"]
