import { z } from 'zod'
import { InputError } from '../errors.ts'
import { gitHubOptions, wayInProblem } from './github/git-hub-options.ts'
import { hubOptions } from './hub/hub-options.ts'
import { optionValues } from './option-values.ts'

const { address, host, hosts, named, oneOf, seconds, url } = optionValues

/** How an option is shown and where else its value comes from; kept with its schema. */
const about = z.object({
  /** The placeholder of its value, such as `<file>`. */
  value: z.string(),
  /** Its short form. */
  short: z.string().optional(),
  help: z.string(),
  variable: z.string(),
  /** The value where none is given. */
  standard: z.string().optional(),
  isRequired: z.boolean().default(false),
  /** A repeatable option is a list with commas, as in its environment variable. */
  isRepeatable: z.boolean().default(false),
  /** It has no value: it is given, or it is not. */
  isSwitch: z.boolean().default(false),
})

/** Every option of `sower bot`: its schema, flag, environment variable and help. */
const schema = z.object({
  ...gitHubOptions,
  ...hubOptions,
  data: named.meta({
    value: '<directory>',
    help: 'runs, inbox and clone are kept there (SOWER_DATA)',
    variable: 'SOWER_DATA',
    isRequired: true,
  }),
  branch: z
    .string()
    .regex(/^[\w./-]+$/, 'must be a branch name')
    .meta({
      value: '<branch>',
      help: 'the branch that Argo CD tracks',
      variable: 'SOWER_BRANCH',
      standard: 'main',
    }),
  listen: address.meta({
    value: '<host:port>',
    help: 'the address for webhooks',
    variable: 'SOWER_LISTEN',
    standard: '0.0.0.0:8080',
  }),
  health: address.optional().meta({
    value: '<host:port>',
    help: 'the address for /healthz and /readyz; default: none',
    variable: 'SOWER_HEALTH',
  }),
  metrics: address.optional().meta({
    value: '<host:port>',
    help: "the address for Prometheus' metrics; default: none (SOWER_METRICS)",
    variable: 'SOWER_METRICS',
  }),
  status: address.optional().meta({
    value: '<host:port>',
    help: 'the address for the status page, which asks for no password; default: none (SOWER_STATUS)',
    variable: 'SOWER_STATUS',
  }),
  statusHost: hosts(new RegExp(`^${host}`, 'i')).meta({
    value: '<host>',
    help: 'a name under which a browser reaches the status page, beside localhost and its address; may be repeated (SOWER_STATUS_HOSTS)',
    variable: 'SOWER_STATUS_HOSTS',
    isRepeatable: true,
  }),
  pollInterval: seconds.meta({
    value: '<seconds>',
    help: 'how often to look when nothing wakes the bot',
    variable: 'SOWER_POLL_INTERVAL',
    standard: '10',
  }),
  recheckInterval: seconds.meta({
    value: '<seconds>',
    help: 'how long an answer of hub, seed or registry counts before the merge, while nobody touches the pull request',
    variable: 'SOWER_RECHECK_INTERVAL',
    standard: '600',
  }),
  // GitHub delivers a webhook again for three days: a run that is still there tells that it was obeyed.
  keepRuns: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .max(3_650, 'must be at most 3650')
    .refine(days => days === 0 || days >= 7, 'must be 0, or at least 7')
    .meta({
      value: '<days>',
      help: 'how long a run is kept after its end, once its record is in Git and no access is saved; 0: for ever (SOWER_KEEP_RUNS)',
      variable: 'SOWER_KEEP_RUNS',
      standard: '90',
    }),
  caFile: z.string().optional().meta({
    value: '<file>',
    help: "an extra certificate authority for GitHub, git, the registry and Argo CD's API (SOWER_CA_FILE)",
    variable: 'SOWER_CA_FILE',
  }),
  registryCa: z.string().optional().meta({
    value: '<file>',
    help: 'an extra certificate authority for the registry',
    variable: 'SOWER_REGISTRY_CA',
  }),
  registryTokenHost: hosts(new RegExp(`^${host}`, 'i')).meta({
    value: '<host>',
    help: "a token service on another host that may see a registry's credential; may be repeated (SOWER_REGISTRY_TOKEN_HOSTS)",
    variable: 'SOWER_REGISTRY_TOKEN_HOSTS',
    isRepeatable: true,
  }),
  registryInsecure: hosts(new RegExp(`^(?:http://)?${host}`, 'i')).meta({
    value: '<host>',
    help: 'a registry whose certificate is not checked, or http://HOST without TLS; may be repeated (SOWER_REGISTRY_INSECURE)',
    variable: 'SOWER_REGISTRY_INSECURE',
    isRepeatable: true,
  }),
  argocdUrl: url.optional().meta({
    value: '<url>',
    help: "Argo CD's API, for the one sync that empties an application",
    variable: 'SOWER_ARGOCD_URL',
  }),
  argocdTokenFile: z.string().optional().meta({
    value: '<file>',
    help: 'a file with a token that may get and sync the application',
    variable: 'SOWER_ARGOCD_TOKEN_FILE',
  }),
  logLevel: oneOf('debug', 'info', 'warn', 'error').meta({
    value: '<level>',
    help: 'debug, info, warn or error',
    variable: 'SOWER_LOG_LEVEL',
    standard: 'info',
  }),
})

/** The checked options of `sower bot`. */
export type BotOptions = z.infer<typeof schema>

/** One option as the command line declares it. */
export type BotFlag = Readonly<z.infer<typeof about> & { flag: string }>

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** The options in the order in which help shows them. */
export const botFlags: readonly BotFlag[] = Object.entries(schema.shape).map(([name, option]) => ({
  ...about.parse(option.meta()),
  flag: flagOf(name),
}))

/** Checks what was given. Throws InputError ARGUMENT_INVALID, which names the flag. */
export const readBotOptions = (
  given: Readonly<Record<string, string | undefined>>,
  { isByGit = false }: Readonly<{ isByGit?: boolean }> = {},
): BotOptions => {
  const parsed = schema.safeParse(given)
  const [issue] = parsed.error?.issues ?? []
  const wrong = parsed.success
    ? isByGit
      ? null
      : wayInProblem(parsed.data)
    : { option: String(issue?.path[0] ?? ''), reason: issue?.message ?? 'invalid' }
  if (parsed.success && wrong === null) return parsed.data
  throw new InputError(
    'ARGUMENT_INVALID',
    `reading ${flagOf(wrong?.option ?? '')}: ${wrong?.reason ?? ''}`,
    { fix: 'see --help' },
  )
}

/**
 * Where the repository is cloned from, without --git-url on the host whose API it is: `api.HOST` on github.com and
 * GHE.com, `https://host/api/v3` on a server (https://docs.github.com/en/enterprise-server/rest).
 */
export const gitUrlOf = ({
  apiUrl,
  gitUrl,
  repository,
}: Pick<BotOptions, 'apiUrl' | 'gitUrl' | 'repository'>): string => {
  const host = new URL(apiUrl)
  host.hostname = host.hostname.replace(/^api\.(?=(?:[a-z0-9-]+\.ghe|github)\.com$)/, '')
  return gitUrl ?? `${host.origin}/${repository}.git`
}
