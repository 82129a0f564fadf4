import { leftOf, renderTree } from '../../../core/waiting/render-tree.ts'
import { stuckIn, type Waiting } from '../../../core/waiting/waiting.ts'
import { UnavailableError } from '../../../errors.ts'
import { isColoured, type Surroundings } from '../../../surroundings.ts'
import { isForPrograms, type OutputForm } from '../../output-flag.ts'
import { printNext } from '../../output/print-as.ts'

/** How a detach is watched. */
export type Watching = Readonly<{
  /** One look at each cluster. */
  look: (now: string) => Promise<readonly Waiting[]>
  now: () => Date
  /** Seconds between two looks. */
  interval: number
  /** End once all is gone in two looks so far apart, in seconds; null: only a signal ends it. */
  settled: number | null
  /** Minutes after which waiting ends with UnavailableError DETACH_SLOW; null: never. */
  timeout: number | null
  output: OutputForm
}>

type Screen = Pick<Surroundings, 'environment' | 'print' | 'isTerminal' | 'columns' | 'terminated'>

/** Home, and what is below goes when it is overwritten: without a blank screen between. */
const [home, clearLine, clearBelow] = ['\u001B[H', '\u001B[K', '\u001B[J']

/** Draws trees: on a terminal in place, with running ages; else as a block each time that something has changed. */
const createDrawing = (
  screen: Screen,
  output: OutputForm,
): ((trees: readonly Waiting[], now: string) => void) => {
  const { print, isTerminal, columns } = screen
  const isData = isForPrograms(output)
  let last = ''
  return (trees, now) => {
    if (isTerminal && !isData) {
      const lines = trees.flatMap(tree => [
        ...renderTree(leftOf(tree), { now, isColoured: isColoured(screen), columns }),
        '',
      ])
      const first = last === '' ? '\u001B[2J' : ''
      last = 'drawn'
      print(`${first}${home}${lines.map(line => `${line}${clearLine}\n`).join('')}${clearBelow}`)
      return
    }
    const text = isData
      ? printNext(output, { apiVersion: 'sower.dev/v1alpha1', kind: 'Waiting', detaches: trees })
      : `${trees.flatMap(tree => renderTree(leftOf(tree), { now: null, isColoured: false })).join('\n')}\n`
    if (text === last) return
    print(last === '' || isData ? text : `\n${text}`)
    last = text
  }
}

/**
 * Looks at detaches again and again and draws what each waits for, until a signal comes or, with `settled`, all is gone.
 * Throws UnavailableError DETACH_SLOW after the timeout.
 */
export const watchDetach = async (
  screen: Screen,
  { look, now, interval, settled, timeout, output }: Watching,
): Promise<void> => {
  const draw = createDrawing(screen, output)
  const begun = now().getTime()
  let goneSince: number | null = null
  const ended = screen.terminated()
  for (;;) {
    const at = now()
    const trees = await look(at.toISOString())
    draw(trees, at.toISOString())
    const isGone = trees.every(({ state }) => state === 'gone')
    goneSince = isGone ? (goneSince ?? at.getTime()) : null
    if (settled !== null && goneSince !== null && at.getTime() - goneSince >= settled * 1000) return
    if (timeout !== null && at.getTime() - begun >= timeout * 60_000) throw tooSlow(trees, timeout)
    const pause = settled !== null && goneSince !== null ? Math.min(interval, settled) : interval
    if (!(await sleep(pause, ended))) return
  }
}

/** Sleeps so many seconds; false where it ended before. Nothing keeps the process then. */
const sleep = async (seconds: number, ended: Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const slept = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, seconds * 1000, true)
  })
  const isSlept = await Promise.race([slept, ended.then(() => false)])
  clearTimeout(timer)
  return isSlept
}

const tooSlow = (trees: readonly Waiting[], timeout: number): UnavailableError => {
  const [first] = trees.flatMap(stuckIn)
  const names = trees.filter(({ state }) => state !== 'gone').map(({ what }) => what)
  return new UnavailableError(
    'DETACH_SLOW',
    `waiting for the ${names.join(', ')}: not finished after ${timeout} minutes${first ? `: ${first.what}: ${first.why ?? ''}` : ''}`,
    { fix: first?.next ?? 'wait again, or look at what is still there' },
  )
}
