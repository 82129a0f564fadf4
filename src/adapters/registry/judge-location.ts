import type { PushAnswer } from '../../core/seedgen/push-problem.ts'

/**
 * Where an upload that was begun at `api` is to go on, as podman would go there: true where that is the registry itself.
 * A registry behind a proxy that it does not know of names its own scheme or port (distribution registry/handlers/app.go,
 * relativeurls and X-Forwarded-Proto). Throws Error for a location that is not a URL.
 */
export const judgeLocation = (location: string, api: URL): PushAnswer => {
  if (!URL.canParse(location, api.href)) throw new Error('its upload location is not a URL')
  const upload = new URL(location, api)
  if (upload.origin === api.origin) return true
  if (upload.protocol !== 'https:' && api.protocol === 'https:')
    return { is: 'without-tls', at: upload.origin }
  if (upload.hostname === api.hostname) return { is: 'other-port', at: upload.origin }
  return { is: 'other-host', at: upload.origin }
}
