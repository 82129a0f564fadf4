import { isColoured, type Surroundings } from '../surroundings.ts'
import type { DemoEvent } from './demo-event.ts'

/** How events become lines on a terminal. */
export type Story = Readonly<{
  tell: (event: DemoEvent) => void
  /** Takes the progress line away. */
  end: () => void
}>

const colours: Readonly<Record<string, number>> = {
  person: 36,
  sower: 32,
  github: 90,
  argocd: 33,
  siteconfig: 35,
  acm: 35,
  'sealed-secrets': 90,
  'lifecycle-agent': 34,
  registry: 33,
}

/** Each effect, in words. */
const effects: Readonly<Record<string, string>> = {
  'save-access': "saves the seed's admin kubeconfig on the hub and proves that it works",
  'commit-detach': 'comments the cluster out on the branch, after the proof',
  'record-merge': 'commits the record once more, which a revert of the merge cannot take along',
  refresh: 'asks Argo CD to look at Git now',
  'sync-with-prune':
    'orders one sync with prune of this ClusterInstance, since Argo CD does not empty an application by itself',
  'commit-seed-generator': 'commits the SeedGenerator',
  'deliver-secret': 'copies the unsealed Secret to the seed, once',
  'apply-seed-generator': 'applies the committed SeedGenerator, once',
  'delete-seed-generator': 'deletes the SeedGenerator on the seed',
  'delete-secret': 'deletes the Secret seedgen on the seed',
  'commit-record': 'commits the record with the digest, and takes the SeedGenerator out of Git',
  'delete-access': 'deletes the saved access',
}

const phases: Readonly<Record<string, string>> = {
  Proposed: 'everything is checked and proven; now a human decides',
  Detaching: 'merged; waits until nothing of the cluster is left, in two looks 30 seconds apart',
  Detached: 'the cluster is detached',
  Delivering: 'the SeedGenerator is in Git',
  Generating: 'follows the Lifecycle Agent',
  Verifying: 'looks for the image in the registry',
  CleaningUp: 'the image is proven; cleans up',
}

/** Tells the story line by line; on a terminal with colours and a line that shows what it waits for. */
export const createStory = ({
  print,
  columns,
  ...screen
}: Pick<Surroundings, 'print' | 'isTerminal' | 'columns' | 'environment'>): Story => {
  const { isTerminal } = screen
  const start = Date.now()
  let waitingFor = ''
  let lastAct = ''
  // Until the hub is set up, only what the person does is part of the story.
  let isReady = false
  const paint = (text: string, colour: number): string =>
    isColoured(screen) ? `\u001b[${colour}m${text}\u001b[0m` : text
  const clear = (): void => {
    if (isTerminal) print('\r\u001b[K')
  }
  const elapsed = (): string => `${String(Math.round((Date.now() - start) / 1000)).padStart(3)}s`
  const line = (actor: string, text: string): void => {
    clear()
    print(`${elapsed()}  ${paint(actor.padEnd(16), colours[actor] ?? 0)} ${text}\n`)
  }
  const block = (text: string): void => {
    clear()
    print(`\n${text.trimEnd().replace(/^/gm, '      ')}\n\n`)
  }
  const timer = isTerminal
    ? setInterval(() => {
        clear()
        print(paint(`${elapsed()}  … ${waitingFor}`.slice(0, columns - 1), 90))
      }, 200)
    : undefined

  const diff = (text: string): string =>
    text
      .split('\n')
      .map(row =>
        /^\+(?!\+)/.test(row) ? paint(row, 32) : /^-(?!-)/.test(row) ? paint(row, 31) : row,
      )
      .join('\n')

  return {
    end: () => {
      clearInterval(timer)
      clear()
    },
    tell: event => {
      switch (event.event) {
        case 'start':
          print(
            `A seed image of ${event.cluster}, on a simulated GitHub, hub and seed cluster.\nTheir time runs ${event.speed} times as fast as yours; git, kustomize, TLS and the sealing are real.\nEverything is left in ${event.directory}\n\n`,
          )
          waitingFor = 'the hub and its clusters'
          return
        case 'act':
          if (event.actor === 'hub') isReady = true
          if (isNoise(event.actor, event.message) || (!isReady && event.actor !== 'person')) return
          if (event.message !== lastAct) line(event.actor, event.message)
          lastAct = event.message
          return
        case 'commit':
          line(
            'github',
            `${event.branch}: ${event.sha.slice(0, 12)} ${event.subject} (${event.author})`,
          )
          if (/^Detach /.test(event.subject) && event.branch !== 'main')
            block(diff(kustomizationOf(event.diff)))
          return
        case 'effect':
          line('sower', effects[String(event.effect['do'])] ?? String(event.effect['do']))
          return
        case 'phase':
          waitingFor = `${event.to}: ${phases[event.to] ?? ''}`
          line(
            'sower',
            `${event.from} → ${event.to}${phases[event.to] === undefined ? '' : `: ${phases[event.to] ?? ''}`}`,
          )
          return
        case 'problem':
          line('sower', `${event.code}: ${event.reason}`)
          return
        case 'comment':
          line('sower', 'says on the pull request:')
          block(readable(event.body))
          return
        case 'rehearsed':
          clear()
          print(rehearsed(event))
          return
        case 'end':
          clear()
          // Of a rehearsal that stopped is told what it waits for.
          if (event.outcome === '') return
          print(
            `\nThe run is ${event.outcome} after ${event.seconds} seconds.${event.digest === null ? '' : `\nThe image is in the registry: ${event.digest}`}\n`,
          )
      }
    },
  }
}

/** True for an act that is told otherwise, or changes nothing. */
const isNoise = (actor: string, message: string): boolean =>
  (actor === 'github' && /pushed|set the (?:status|check)|commented on/.test(message)) ||
  (actor === 'argocd' && /: Synced$/.test(message))

/** The part of a diff about kustomization files: the record beside it repeats what it says. */
const kustomizationOf = (text: string): string =>
  text
    .split(/^(?=diff --git )/m)
    .filter(part => /^diff --git .*kustomization/i.test(part))
    .join('')

/** A comment without what GitHub does not show. */
const readable = (body: string): string =>
  body
    .replace(/<!--.*?-->\n?/gs, '')
    .replace(/<details><summary>.*?<\/details>/gs, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('<br>', ', ')
    .replace(/\n{3,}/g, '\n\n')

const rehearsed = ({
  blocked,
  troubles,
  notes,
  repository,
}: Extract<DemoEvent, { event: 'rehearsed' }>): string => {
  const list = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${title}\n${lines.map(line => `  - ${line}\n`).join('')}`
  return [
    '\n',
    blocked === null
      ? 'Nothing would have been refused.\n'
      : `This would have been refused: ${blocked.reason} [${blocked.code}]\n${blocked.fix === '' ? '' : `  ${blocked.fix}\n`}`,
    list('Argo CD of the sandbox did not do all that it was told:', troubles),
    list('The rehearsal made this up:', notes),
    `The copy with all commits: git clone ${repository}\n`,
  ].join('')
}
