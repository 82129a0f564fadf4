import { z } from 'zod'
import { optionValues } from '../option-values.ts'

const { gitUrl, named, seconds, url } = optionValues

/** The options of `sower bot` that say where GitHub is, who Sower is there, and how it hears of what happens. */
export const gitHubOptions = {
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .meta({
      value: '<owner/name>',
      help: 'the GitHub repository (SOWER_REPOSITORY)',
      variable: 'SOWER_REPOSITORY',
      isRequired: true,
    }),
  tokenFile: named.optional().meta({
    value: '<file>',
    help: 'a file with a GitHub token; or give --app-id and --app-key-file (SOWER_TOKEN_FILE)',
    variable: 'SOWER_TOKEN_FILE',
  }),
  webhookSecretFile: named.optional().meta({
    value: '<file>',
    help: "a file with the webhook's secret; not with --no-webhook (SOWER_WEBHOOK_SECRET_FILE)",
    variable: 'SOWER_WEBHOOK_SECRET_FILE',
  }),
  noWebhook: z
    .enum(['true', 'false'])
    .default('false')
    .transform(value => value === 'true')
    .meta({
      value: '',
      help: 'listen to no webhook: look for news on GitHub alone, for a hub that GitHub cannot reach (SOWER_NO_WEBHOOK)',
      variable: 'SOWER_NO_WEBHOOK',
      isSwitch: true,
    }),
  newsInterval: seconds.meta({
    value: '<seconds>',
    help: 'how often to look on GitHub for what no webhook reported',
    variable: 'SOWER_NEWS_INTERVAL',
    standard: '30',
  }),
  appId: z
    .string()
    .regex(/^(?:\d{1,12}|Iv[\w.]{10,40})$/, 'must be the number or the client id of a GitHub App')
    .optional()
    .meta({
      value: '<id>',
      help: 'the GitHub App that Sower is, in place of --token-file',
      variable: 'SOWER_APP_ID',
    }),
  appKeyFile: named.optional().meta({
    value: '<file>',
    help: "a file with the App's private key",
    variable: 'SOWER_APP_KEY_FILE',
  }),
  apiUrl: url.meta({
    value: '<url>',
    help: "GitHub's REST API",
    variable: 'SOWER_API_URL',
    standard: 'https://api.github.com',
  }),
  gitUrl: gitUrl.optional().meta({
    value: '<url>',
    help: 'where to clone from, an address or a directory; default: the repository on the host of --api-url',
    variable: 'SOWER_GIT_URL',
  }),
}

type WayIn = Readonly<{
  tokenFile?: string | undefined
  appId?: string | undefined
  appKeyFile?: string | undefined
  webhookSecretFile?: string | undefined
  noWebhook: boolean
  gitUrl?: string | undefined
}>

/** Says which option is missing or too many: a token or an App, and a webhook's secret or no webhook. */
export const wayInProblem = ({
  tokenFile,
  appId,
  appKeyFile,
  webhookSecretFile,
  noWebhook,
  gitUrl = '',
}: WayIn): Readonly<{ option: string; reason: string }> | null => {
  if (gitUrl.startsWith('ssh:'))
    return { option: 'gitUrl', reason: 'ssh is for a run without GitHub, which has --head' }
  if (appId === undefined && appKeyFile === undefined && tokenFile === undefined)
    return { option: 'tokenFile', reason: 'a token or a GitHub App is needed' }
  if ((appId ?? appKeyFile) !== undefined && tokenFile !== undefined)
    return { option: 'tokenFile', reason: 'give a token or a GitHub App, not both' }
  if (tokenFile === undefined && appId === undefined)
    return { option: 'appId', reason: 'it is needed with --app-key-file' }
  if (tokenFile === undefined && appKeyFile === undefined)
    return { option: 'appKeyFile', reason: 'it is needed with --app-id' }
  return webhookSecretFile === undefined && !noWebhook
    ? { option: 'webhookSecretFile', reason: 'it is needed without --no-webhook' }
    : null
}
