import { writeFileSync } from 'node:fs'
import type { Trouble } from './whole-run.ts'

/** Has Node's clock step ten minutes forth and back, each some seconds long, once there is a file. */
const stepsOnce = (file: string): string =>
  `data:text/javascript,${encodeURIComponent(`
import { existsSync } from 'node:fs'
const real = Date.now.bind(Date)
const steps = [600_000, 0, -600_000, 0]
let from = Infinity
setInterval(() => {
  if (from === Infinity && existsSync(${JSON.stringify(file)})) from = performance.now()
}, 200).unref()
const now = () => {
  const at = performance.now() - from
  return real() + (at < 0 ? 0 : steps[Math.floor(at / 7000) % steps.length])
}
globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static now() {
    return now()
  }
}
`)}`

/** The clock of the bot steps ten minutes forth and back, once it has taken the command: a late one is refused. */
export const steppingClock = (): Trouble => {
  let file = ''
  const counts: Record<string, number> = {}
  return {
    started: words => {
      file = `${words[words.indexOf('--data') + 1] ?? ''}.steps`
      return { node: ['--import', stepsOnce(file)] }
    },
    happened: () => counts,
    meanwhile: ({ bots, phase }) => {
      if (phase() !== '') writeFileSync(file, '')
      const times = bots.flatMap(({ log }) => log.map(({ time = '' }) => Date.parse(time)))
      const steps = times.map((time, index) => time - (times[index - 1] ?? time))
      counts['steps forth'] = steps.filter(step => step > 300_000).length
      counts['steps back'] = steps.filter(step => step < -300_000).length
    },
  }
}
