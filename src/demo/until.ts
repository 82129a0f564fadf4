import { FailedError } from '../errors.ts'

/** Waits for a condition; throws FailedError DEMO_STUCK when it does not come true within `seconds`. */
export const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = 240,
): Promise<void> => {
  const end = Date.now() + seconds * 1000
  while (!(await condition())) {
    if (Date.now() > end)
      throw new FailedError(
        'DEMO_STUCK',
        `waiting for ${what}: it did not happen within ${seconds} seconds`,
        {
          fix: 'look at bot.log in the directory that the demo names',
        },
      )
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}
