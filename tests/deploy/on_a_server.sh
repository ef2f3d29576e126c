#!/usr/bin/env bash
# Section 1 of docs/operations.en.md, word for word, on a Debian 12 that boots with systemd: by hand, as root, in a folder that
# is not there yet and is left for a look. Takes some minutes; needs debootstrap, systemd-container, the network and port 4200.
#   tests/deploy/on_a_server.sh /var/tmp/may-chu
set -euo pipefail
tree="${1:?where the server may be made: tests/deploy/on_a_server.sh /var/tmp/may-chu}"
source="$(cd "$(dirname "$0")/../.." && pwd)"
[ ! -e "$tree" ] || { echo "$tree is there already; remove it first." >&2; exit 1; }
debootstrap --variant=minbase --include=systemd-sysv,dbus,procps,ca-certificates bookworm "$tree" >"$tree.log"
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
# How this machine reaches PyPI is its own affair.
here=()
for file in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do [ ! -e "$file" ] || here+=("--bind-ro=$file"); done

boot() {
  # A Debian 12 has cgroups of the second kind alone.
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn -q -D "$tree" -b --register=no --keep-unit --resolv-conf=off \
    --bind-ro="$source:/mnt/source" "${here[@]}" --console=read-only >>"$tree.log" 2>&1 </dev/null &
  nspawn=$!
  until leader="$(pgrep -P "$nspawn" -x systemd)" && inside 'systemctl is-active -q multi-user.target' 2>/dev/null; do sleep 1; done
}
inside() { nsenter -t "$leader" -a env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash -ec "$1"; }
shut() { inside 'systemctl poweroff' || true; wait "$nspawn" || true; }
is_ready() {
  inside 'for _ in {1..90}; do journalctl -b -u ketnghia | grep -q "Sẵn sàng" && exit; sleep 1; done; journalctl -b -u ketnghia; exit 1'
}
trap 'kill "$nspawn" 2>/dev/null || true' EXIT

# The commands of the section; settings among them go where the text sends them, names stand for themselves.
commands="$(python3 - "$source/docs/operations.en.md" <<'PYTHON'
import re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## ")[1]
alias = re.search(r"`(alias ketnghia=.+?)`", section)[1]
print("set -x; shopt -s expand_aliases", alias, sep="\n")
for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
    if block.startswith("KETNGHIA_"):
        block = f"cat >> /etc/ketnghia/.env <<'END'\n{block}END\ncd /etc/ketnghia\n"
    # Of a server that nobody has told where mail goes, doctor says so.
    block = re.sub(r"(?m)^ketnghia doctor", "ketnghia doctor || true", block)
    block = re.sub(r'add (\w+) +--person "Họ và tên"', r'add \1 --person "Người giả định \1"', block)
    print(block.replace("ADDRESS", "/mnt/source").replace("@…", "@gialai.example"))
PYTHON
)"
boot
printf '%s\n' "$commands" >"$tree/root/section-1.sh"
inside 'bash -e /root/section-1.sh'
is_ready
inside 'python3 -c "import urllib.request as web; print(web.urlopen(\"http://127.0.0.1:4200/\").status)"'
inside 'echo x >/srv/ketnghia/inbox/waits.txt && systemctl start ketnghia-backup.service ketnghia-watch.service'
inside 'kill -9 "$(pgrep -o -P "$(systemctl show -p MainPID --value ketnghia)")" && sleep 75 && systemctl is-active ketnghia'
shut
boot
is_ready
inside 'systemctl is-active ketnghia.service ketnghia-watch.timer ketnghia-backup.timer && systemctl --failed'
inside 'for each in ketnghia ketnghia-watch ketnghia-backup; do systemd-analyze security --no-pager "$each.service" | tail -n 1; done'
shut
echo "Everything that section 1 says was done, and came up again after a restart: $tree"
