import { appPermissions } from '../../adapters/github/app-tokens.ts'

/** The events that Sower reads; a webhook is optional. */
const events = [
  'pull_request',
  'issue_comment',
  'pull_request_review',
  'pull_request_review_comment',
  'merge_group',
] as const

/** GitHub gives the event `merge_group` only to an App that may read merge queues; no call of ours needs that. */
const permissionsWith = (webhookUrl: string | null): Readonly<Record<string, string>> =>
  webhookUrl === null ? appPermissions : { ...appPermissions, merge_queues: 'read' }

type Asked = Readonly<{
  /** owner/name */
  repository: string
  /** GitHub, for a browser. */
  webUrl: string
  /** Where GitHub sends webhooks; null: nowhere, the bot looks by itself. */
  webhookUrl: string | null
}>

/** Makes the manifest of a GitHub App with the permissions that Sower needs ("Registering a GitHub App from a manifest"). */
export const appManifest = ({ repository, webUrl, webhookUrl }: Asked): object => ({
  name: nameFor(repository),
  url: `${webUrl}/${repository}`,
  public: false,
  hook_attributes: { url: webhookUrl ?? `${webUrl}/${repository}`, active: webhookUrl !== null },
  default_permissions: permissionsWith(webhookUrl),
  default_events: webhookUrl === null ? [] : events,
})

/** Says how to create the App, for a person: a page with all of it filled in, and what to do with what GitHub gives. */
export const howToCreate = (asked: Asked): string => {
  const { repository, webUrl, webhookUrl } = asked
  const [owner = ''] = repository.split('/')
  const query = new URLSearchParams({
    name: nameFor(repository),
    url: `${webUrl}/${repository}`,
    public: 'false',
    webhook_active: String(webhookUrl !== null),
    ...(webhookUrl === null ? {} : { webhook_url: webhookUrl }),
    ...permissionsWith(webhookUrl),
  })
  if (webhookUrl !== null) for (const event of events) query.append('events[]', event)
  const page = (place: string): string => `${webUrl}/${place}settings/apps/new?${query.toString()}`
  return [
    `1. Open ${page(`organizations/${owner}/`)}`,
    `   (of a person, not of an organization: ${page('')})`,
    ...(webhookUrl === null
      ? []
      : ['   and fill in the secret of the webhook: `openssl rand -hex 32`.']),
    '2. Create the App. Its number is --app-id; generate a private key, whose file is --app-key-file.',
    `3. Install the App on ${repository} alone.`,
    '4. Start `sower bot` with --app-id and --app-key-file in place of --token-file.',
    '',
  ].join('\n')
}

/** GitHub takes 34 characters, and each name once. */
const nameFor = (repository: string): string =>
  `sower-${repository.replace(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 34).replace(/-+$/, '')
