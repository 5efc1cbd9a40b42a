#!/bin/bash
# The emulated board under systemd: the package as its owner gets it, from the installation to its removal.
export PATH=/usr/sbin:/usr/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C
. /board/checks.sh
yaml=/etc/edge/edge.yaml
dropins=/etc/systemd/system/edge.service.d

property() { systemctl show -p "$1" --value edge; }
active() { [ "$(property ActiveState)" = active ]; }
# The process of the service; another after a restart.
pid() { property MainPID; }
restarted() { local was=$1; await "$2" "active && [ \$(pid) != $was ] && [ \$(pid) != 0 ]"; }
restart() { systemctl restart edge > /tmp/systemctl.out 2>&1 || { journalctl -q -u edge -o cat -n 20; return 1; }; }
send() { edge send "$@" > /tmp/send.out 2>&1; local code=$?; cat /tmp/send.out; return $code; }
install_deb() { apt-get install -y -q -o Dpkg::Options::=--force-confold "$@" > /tmp/apt.out 2>&1 || { tail -n 20 /tmp/apt.out; return 1; }; }
said() { journalctl -q -u edge -o cat --since "@$since" | grep -q "$1"; }
begin() { note "$*"; since=$(date +%s); }

# A processor that is computed by another, busy one, takes longer than any board.
mkdir -p /run/systemd/system/edge.service.d
printf '[Service]\nTimeoutStartSec=300\n' > /run/systemd/system/edge.service.d/slow.conf

begin "install"
udevadm settle
check "one command installs" 'install_deb /board/edge.deb'
check "the service runs at once and after a reboot" 'active && [ "$(systemctl is-enabled edge)" = enabled ]'
check "as a user of its own, in the groups of the header" '[ "$(stat -c %U /proc/$(pid))" = edge ] && [ "$(id -nG edge | tr " " "\n" | sort | xargs)" = "edge gpio i2c spi" ]'
check "a sentence is answered" 'send "turn on the kitchen light"'
check "in simulation: no line has moved" '[ "$(level 17)" = 0 ]'
check "edge check passes" 'edge check > /tmp/check.out 2>&1'
cat /tmp/check.out

begin "a house of its own"
cp /board/house.yaml $yaml
echo "board: {cores: {model: 1, io: 0}}" >> $yaml
install -D /usr/share/doc/edge/examples/cores.conf $dropins/cores.conf
printf '[Service]\nWatchdogSec=10\n' > $dropins/test.conf
systemctl daemon-reload
was=$(pid)
check "it restarts with the owner's lines" 'restart && active && [ "$(pid)" != $was ]'
check "lines belong to their group by the package's rule" '[ "$(stat -c %G /dev/gpiochip0)" = gpio ]'
check "a sentence moves a line, as the hardened user" 'send "turn on the kitchen light" && [ "$(level 17)" = 1 ]'
check "a dimmer's PWM is set through /sys, as the same user" 'send "set the desk lamp to 40 percent" && [ "$(cat /sys/class/pwm/pwmchip0/pwm0/enable)" = 1 ] && [ $(($(cat /sys/class/pwm/pwmchip0/pwm0/duty_cycle) * 100 / $(cat /sys/class/pwm/pwmchip0/pwm0/period))) = 40 ]'
check "edge health says so" 'edge health > /tmp/health.out 2>&1'
cat /tmp/health.out
grep -h Cpus_allowed_list /proc/"$(pid)"/task/*/status | sort | uniq -c
check "threads stand on core 0 for lines and hub, on 1 for the model" '[ "$(grep -h Cpus_allowed_list /proc/$(pid)/task/*/status | awk "{print \$2}" | sort -u | xargs)" = "0 1" ]'
check "and they are nice" '[ "$(ps -o ni= -p $(pid) | tr -d " ")" = 5 ]'
memory "$(pid)" unit
figure "cgroup_bytes $(property MemoryCurrent)"

begin "journal"
mosquitto_rr -t edge/home/command -e edge/home/reply -m '{"id": "hall-17", "text": "turn off the kitchen light"}' -W 30
check "a command leaves one record with fields" 'await 10 "[ \$(journalctl -q -u edge EDGE_ID=hall-17 -o cat | wc -l) = 1 ]"'
journalctl -q EDGE_ID=hall-17 -o verbose | grep -E "^ +(EDGE|MESSAGE|PRIORITY|LOGGER|EVENT)"

begin "hardening"
exposure=$(systemd-analyze security --no-pager edge 2> /dev/null | sed -n 's/.*Overall exposure level for edge.service: \([0-9.]*\).*/\1/p')
figure "exposure $exposure"
check "the exposure is at most 2.0" 'awk "BEGIN { exit !($exposure <= 2.0) }"'
inside() { nsenter -t "$(pid)" -m -S "$(id -u edge)" -G "$(id -g edge)" -- "$@" 2> /dev/null; }
as_root_inside() { nsenter -t "$(pid)" -m -- "$@" 2> /dev/null; }
check "the system is read-only to it" '! as_root_inside touch /usr/lib/edge/x && ! as_root_inside touch /etc/edge/x && ! as_root_inside sh -c "echo 1 > /proc/sys/kernel/sysrq"'
check "its own folder is not" 'inside touch /var/lib/edge/x && rm /var/lib/edge/x'
touch /root/secret
check "home folders are closed" '[ -e /root/secret ] && [ -z "$(as_root_inside ls -A /root)" ]'
check "it may not make memory executable" '[ "$(property MemoryDenyWriteExecute)" = yes ]'
check "no capability is left" 'grep -q "^CapBnd:[[:space:]]*0000000000000000" /proc/$(pid)/status && grep -q "^NoNewPrivs:[[:space:]]*1" /proc/$(pid)/status'
check "system calls are filtered" 'grep -q "^Seccomp:[[:space:]]*2" /proc/$(pid)/status'

begin "watchdog"
send "turn on the kitchen light"
was=$(pid)
check "the line is high before it hangs" '[ "$(level 17)" = 1 ]'
read -r at _ < /proc/uptime
[ "$was" = 0 ] || kill -STOP "$was"
check "a service that hangs is killed, and starts again" 'restarted $was 180'
read -r now _ < /proc/uptime
figure "watchdog_s $at $now"
check "systemd says it was the watchdog" 'said "Watchdog timeout"'
check "the line is low" '[ "$(level 17)" = 0 ]'
check "and it answers" 'send "turn on the kitchen light" && [ "$(level 17)" = 1 ]'

begin "kill"
was=$(pid)
[ "$was" = 0 ] || kill -KILL "$was"
check "a killed service starts again" 'restarted $was 180'
check "the line was made safe" '[ "$(level 17)" = 0 ]'
rm -r $dropins

begin "a wrong setting"
echo "mqtt: {port: 70000}" >> $yaml
systemctl daemon-reload
systemctl reset-failed edge
restart > /dev/null
check "it fails with 78 and is not tried again" '[ "$(property ExecMainStatus)" = 78 ] && [ "$(property ActiveState)" = failed ] && [ "$(property NRestarts)" = 0 ]'
check "the journal names value and place" 'said 70000'
sed -i '$d' $yaml

begin "a broker with a password"
getent passwd mosquitto > /dev/null || useradd --system mosquitto
mosquitto_passwd -b -c /tmp/passwords edge "a secret" && chmod 644 /tmp/passwords
printf 'listener 1885 127.0.0.1\nallow_anonymous false\npassword_file /tmp/passwords\n' > /tmp/mosquitto.conf
/usr/sbin/mosquitto -c /tmp/mosquitto.conf -d
printf 'a secret\n' > /etc/edge/mqtt.password
chmod 600 /etc/edge/mqtt.password
install -D /usr/share/doc/edge/examples/password.conf $dropins/password.conf
echo "mqtt: {embedded: false, port: 1885, user: edge, passwordCredential: mqtt}" >> $yaml
systemctl daemon-reload
restart
check "LoadCredential hands over a password that only root may read" 'await 60 "said \"Connected to the broker at .*:1885\""'
check "and a command arrives there" 'await 20 "mosquitto_rr -p 1885 -u edge -P \"a secret\" -t edge/home/command -e answer -m \"turn on the kitchen light\" -W 20 | grep -q ."; [ "$(level 17)" = 1 ]'
killall mosquitto 2> /dev/null || kill $(pidof mosquitto)
await 30 'said "is gone; trying again"'
check "it lives on without its broker" 'active && sleep 1 && active'
sed -i '$d' $yaml
rm -r $dropins/password.conf /etc/edge/mqtt.password
systemctl daemon-reload

begin "upgrade, to the trimmed package"
echo "# the owner's words" >> $yaml
check "the line is high before" '[ "$(level 17)" = 1 ]'
was=$(pid)
check "a newer package goes over it" 'install_deb /board/next.deb'
check "the service is the new one" 'active && [ "$(pid)" != $was ] && dpkg-query -W -f "\${Version}" edge | grep -q "+1$"'
check "settings are kept, the new sample lies beside" 'grep -q "owner.s words" $yaml && grep -q "a newer sample" $yaml.dpkg-dist'
check "the lines were made safe in between" '[ "$(level 17)" = 0 ]'

check "its unit lets it compile" '[ "$(property MemoryDenyWriteExecute)" = no ] && active'
check "a sentence moves a line" 'send "turn on the kitchen light" && [ "$(level 17)" = 1 ]'
memory "$(pid)" trimmed

begin "remove"
check "it is removed" 'apt-get remove -y -q edge > /tmp/apt.out 2>&1 && [ ! -e /usr/bin/edge ] && ! pidof edge > /dev/null'
check "its lines are low" '[ "$(level 17)" = 0 ]'
check "settings and audit log are kept" 'grep -q "owner.s words" $yaml && [ -n "$(ls /var/lib/edge/audit)" ]'
check "it is purged" 'apt-get purge -y -q edge > /tmp/apt.out 2>&1 && [ ! -e /etc/edge/edge.yaml ] && [ ! -e /var/lib/edge ] && ! getent passwd edge'

begin "install.sh"
mkdir -p /tmp/bundle
tar -xzf /board/edge.tar.gz -C /tmp/bundle --strip-components=1
check "install.sh installs and starts it" '/tmp/bundle/install.sh > /tmp/install.out 2>&1 && active && [ "$(systemctl is-enabled edge)" = enabled ]'
cat /tmp/install.out
check "stopping is no failure" 'systemctl stop edge && [ "$(property Result)" = success ] && [ "$(property ExecMainStatus)" = 0 ]'
check "install.sh --purge leaves nothing" '/tmp/bundle/install.sh --purge > /tmp/install.out 2>&1 && [ ! -e /usr/bin/edge ] && [ ! -e /etc/edge ] && [ ! -e /var/lib/edge ] && ! pidof edge'

note "done"
echo BOARD-DONE
