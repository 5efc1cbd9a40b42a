# What the tests on the emulated board share. Each truth is a line "ok NAME" or "FAIL NAME"; the host counts them.
header=/sys/kernel/config/gpio-sim/pi

note() { read -r up _ < /proc/uptime; echo "[$up s] $*"; }
check() { if eval "$2"; then echo "ok $1"; else echo "FAIL $1"; fi; }
figure() { echo "figure $*"; }
level() { cat /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio"$1"/value; }
pull() { echo "pull-$2" > "$(ls -d /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio"$1")/pull"; }
# await SECONDS CONDITION: tries every 0.2 s.
await() { local n=$(($1 * 5)); while [ "$n" -gt 0 ]; do eval "$2" && return 0; sleep 0.2; n=$((n - 1)); done; return 1; }
# memory PID NAME: figures of a process, in kB, under that name.
memory() { sed -nE "s/^(VmRSS|VmHWM|RssAnon|RssFile):[[:space:]]*([0-9]+) kB/\1 \2/p" "/proc/$1/status" | while read -r name value; do figure "$2_${name}_kb $value"; done; }
