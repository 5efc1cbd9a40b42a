// SPDX-License-Identifier: GPL-2.0-only OR MIT
// A PWM chip of four channels that drives nothing, on a device named as that of a Pi 5's header, so that /sys/class/pwm is there to try.
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pwm.h>

static struct platform_device *device;
static struct pwm_chip chip;

// The core keeps what was set, and shows it in /sys.
static int pwm_pi_apply(struct pwm_chip *chip, struct pwm_device *pwm, const struct pwm_state *state)
{
	return 0;
}

static const struct pwm_ops pwm_pi_ops = { .apply = pwm_pi_apply, .owner = THIS_MODULE };

static int __init pwm_pi_init(void)
{
	int fault;

	device = platform_device_register_simple("1f00098000.pwm", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	chip.dev = &device->dev;
	chip.ops = &pwm_pi_ops;
	chip.npwm = 4;
	fault = pwmchip_add(&chip);
	if (fault)
		platform_device_unregister(device);
	return fault;
}

static void __exit pwm_pi_exit(void)
{
	pwmchip_remove(&chip);
	platform_device_unregister(device);
}

module_init(pwm_pi_init);
module_exit(pwm_pi_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A simulated PWM chip for tests");
