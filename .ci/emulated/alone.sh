#!/bin/bash
# The emulated board without a service manager: the binary as it lies in the tarball, started by the first process. Then systemd takes over.
export PATH=/usr/sbin:/usr/bin HOME=/tmp/home
. /board/checks.sh
edge=/opt/edge/usr/lib/edge/edge
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir -p $HOME /opt/edge
tar -xzf /board/edge.tar.gz -C /opt/edge --strip-components=1
# A header as a Pi 5 has it: 54 lines on a chip labelled pinctrl-rp1.
mkdir -p $header/rp1
echo 54 > $header/rp1/num_lines
echo pinctrl-rp1 > $header/rp1/label
echo 1 > $header/live

start() { ($edge run --config /board/house.yaml > /tmp/run.out 2> /tmp/run.err; echo $? > /tmp/run.rc) & await 180 'grep -q "is ready" /tmp/run.out || [ -e /tmp/run.rc ]'; }
ended() { await 30 '[ -e /tmp/run.rc ]'; }

note "check"
$edge check --config /board/house.yaml > /tmp/check.out 2>&1
code=$?
check "edge check ends with 0" '[ $code = 0 ]'
check "edge check finds the chip by its label" 'grep -q pinctrl-rp1 /tmp/check.out'
cat /tmp/check.out

note "start"
read before rest < /proc/uptime
start
read after rest < /proc/uptime
figure "start_s $before $after"
cat /tmp/run.out /tmp/run.err
check "the service says ready on the chip" 'grep -q "lines of pinctrl-rp1" /tmp/run.out'
check "the light is off at first" '[ "$(level 17)" = 0 ]'

note "command"
read before rest < /proc/uptime
$edge send "turn on the kitchen light" > /tmp/send.out 2>&1
code=$?
read after rest < /proc/uptime
figure "send_s $before $after"
cat /tmp/send.out
check "send ends with 0" '[ $code = 0 ]'
check "the line is high, read from the kernel" '[ "$(level 17)" = 1 ]'
pid=$(pidof edge | tr " " "\n" | head -n 1)
memory $pid alone
if grep -q board.measure /proc/cmdline; then
    echo BOARD-DONE
    busybox poweroff -f
fi

note "button"
# Pulled up at first: open. The contact closes to ground.
mosquitto_sub -h 127.0.0.1 -t edge/home/devices/front_door/state -v > /tmp/states 2>&1 &
sub=$!
await 10 '[ -s /tmp/states ]'
pull 5 down
check "an edge at an input is published" "await 20 'grep -q closed /tmp/states'"
cat /tmp/states
kill $sub
$edge send "is the front door open" > /tmp/closed.out 2>&1
cat /tmp/closed.out
check "and changes what the house says" 'grep -q closed /tmp/closed.out'

note "telemetry and sockets"
check "nothing was written into the home folder" '[ -z "$(find $HOME -type f)" ]'
# Edge serves its own broker here: one listener on loopback, and connections to it.
awk 'NR > 1 { split($2, l, ":"); split($3, r, ":"); print l[1], l[2], r[1], r[2] }' /proc/net/tcp > /tmp/tcp
awk 'NR > 1 { print $2, $3 }' /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2> /dev/null | grep ':' | grep -v 0100007F > /tmp/others || true
cat /tmp/tcp /tmp/others
check "no socket but the broker's is open" 'grep -q "0100007F 075B 00000000 0000" /tmp/tcp && ! grep -v 0100007F /tmp/tcp | grep -q . && ! grep -q . /tmp/others'

note "SIGTERM"
kill -TERM $pid
ended
check "SIGTERM ends with 0" '[ "$(cat /tmp/run.rc)" = 0 ]'
check "after SIGTERM the line is low" '[ "$(level 17)" = 0 ]'

note "SIGKILL"
rm -f /tmp/run.rc
start
$edge send "turn on the kitchen light" > /dev/null 2>&1
check "the line is high before the kill" '[ "$(level 17)" = 1 ]'
kill -KILL "$(pidof edge | tr " " "\n" | head -n 1)"
ended
# What systemd does then: ExecStopPost.
$edge safe --config /board/house.yaml
code=$?
check "edge safe ends with 0" '[ $code = 0 ]'
check "after SIGKILL and edge safe the line is low" '[ "$(level 17)" = 0 ]'

if [ -d /board/model ]; then
    note "another model"
    printf 'devices: [{name: kitchen light, kind: light, line: 17}]\naudit: {folder: /tmp/audit}\n' > /tmp/one.yaml
    rm -f /tmp/run.rc
    ($edge run --config /tmp/one.yaml --model /board/model > /tmp/run.out 2> /tmp/run.err; echo $? > /tmp/run.rc) &
    await 3000 'grep -q "is ready" /tmp/run.out || [ -e /tmp/run.rc ]'
    pid=$(pidof edge | tr " " "\n" | head -n 1)
    check "it is ready with another model" 'grep -q "is ready" /tmp/run.out'
    memory $pid model
    kill -TERM $pid
    ended
    cat /tmp/run.out /tmp/run.err
fi

note "exit codes"
echo "mqtt: {port: 70000}" > /tmp/wrong.yaml
$edge run --config /tmp/wrong.yaml > /tmp/wrong.out 2>&1
code=$?
check "a wrong setting ends with 78" '[ $code = 78 ]'
grep -q 70000 /tmp/wrong.out || cat /tmp/wrong.out
$edge send "turn on the kitchen light" --timeout 2 > /tmp/nobroker.out 2>&1
code=$?
check "no broker ends with 3" '[ $code = 3 ]'
$edge nonsense > /dev/null 2>&1
code=$?
check "a wrong command line ends with 2" '[ $code = 2 ]'
# A line that something else holds: gpio-sim hogs it.
note "busy line"
echo 0 > $header/live
mkdir -p $header/rp1/line17/hog
echo overlay > $header/rp1/line17/hog/name
echo output-low > $header/rp1/line17/hog/direction
echo 1 > $header/live
$edge run --config /board/house.yaml > /tmp/busy.out 2>&1
code=$?
cat /tmp/busy.out
check "a busy line ends with 1 and names the line" '[ $code = 1 ] && grep -q "17" /tmp/busy.out'
echo 0 > $header/live
rmdir $header/rp1/line17/hog $header/rp1/line17
echo 1 > $header/live

# What root wrote here is not the service's.
rm -r /var/lib/edge/audit
umount /tmp
exec /usr/lib/systemd/systemd
