import type { FrontTrouble } from '../sandbox/tls-front.ts'
import type { Trouble } from './play-in-trouble.ts'

/** Says yes to one question in so many, in an order that is the same each time. */
const oneIn = (number: number): (() => boolean) => {
  let state = 4711
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >>> 16) % number === 0
  }
}

const isOfApi = (path: string): boolean => path.startsWith('/repos/')

/** GitHub's API, and not git, answers one call in so many so. */
const onGitHub =
  (number: number, how: FrontTrouble, of: (method: string) => boolean = () => true): Trouble =>
  ({ front }) => {
    const isDue = oneIn(number)
    front.setTrouble((method, path) => (isOfApi(path) && of(method) && isDue() ? how : null))
    return () => {
      front.setTrouble(() => null)
    }
  }

/** The first calls of GitHub's API go wrong, each in its own way. */
const onGitHubInTurn =
  (...ways: readonly FrontTrouble[]): Trouble =>
  ({ front }) => {
    const left = [...ways]
    let calls = 0
    front.setTrouble((_method, path) => {
      if (!isOfApi(path)) return null
      calls += 1
      return calls % 12 === 0 ? (left.shift() ?? null) : null
    })
    return () => {
      front.setTrouble(() => null)
    }
  }

/** The hub's API goes for some seconds, again and again; a watch of before is then told 410. */
const hubOutages: Trouble = ({ sandbox }) => {
  let isOver = false
  const wait = (milliseconds: number): Promise<void> =>
    new Promise(resolve => setTimeout(resolve, milliseconds))
  const play = async (): Promise<void> => {
    while (!isOver) {
      await wait(12_000)
      if (isOver) return
      await sandbox.setHubAvailable(false)
      await wait(3000)
      await sandbox.setHubAvailable(true)
    }
  }
  const playing = play()
  return () => {
    isOver = true
    void playing.then(() => sandbox.setHubAvailable(true))
  }
}

const registryErrors: Trouble = ({ sandbox }) => {
  sandbox.setRegistryTrouble(oneIn(3))
  return () => {
    sandbox.setRegistryTrouble(() => false)
  }
}

/** Somebody annotates a SeedRun right after one change in three: the next change of the bot is a conflict. */
const conflicts: Trouble = ({ sandbox }) => {
  const isDue = oneIn(3)
  let touched = 0
  return sandbox.hub.watch(({ type, object: { apiVersion, kind, metadata } }) => {
    if (
      kind !== 'SeedRun' ||
      type === 'DELETED' ||
      metadata.annotations?.['touched'] === `${touched}`
    )
      return
    if (!isDue()) return
    touched += 1
    const { name, namespace = '' } = metadata
    sandbox.hub.change({ apiVersion, kind, name, namespace }, object => {
      object.metadata.annotations = { touched: `${touched}` }
    })
  })
}

const isWrite = (method: string): boolean => method !== 'GET'
const limit = {
  ...{ status: 403, headers: { 'retry-after': '3' } },
  body: '{"message":"You have exceeded a secondary rate limit."}',
} as const
const expired = { status: 401, body: '{"message":"Bad credentials"}' } as const

/** Troubles of GitHub, the hub and the registry that a run has to live through, one at a time. */
export const troubles: Readonly<Record<string, Trouble>> = {
  'GitHub answers with 500': onGitHub(20, { status: 500 }),
  'GitHub answers with 502': onGitHub(20, {
    ...{ status: 502, headers: { 'content-type': 'text/html' }, body: 'Bad Gateway' },
  }),
  'GitHub obeys a write and gives no answer': onGitHub(4, 'cut', isWrite),
  'GitHub limits what is asked': onGitHub(20, limit),
  'GitHub answers slowly': onGitHub(10, { stops: 3000 }),
  'the token has expired for a while': onGitHubInTurn(expired, expired),
  'the hub is away again and again, and forgets': hubOutages,
  'the registry has no backend now and then': registryErrors,
  'somebody else changes the run meanwhile': conflicts,
}

/** One of each, all in one run. */
export const allTroubles: readonly Trouble[] = [
  onGitHubInTurn({ status: 502 }, limit, { stops: 2000 }, 'cut'),
  ...[hubOutages, registryErrors, conflicts],
]
