import type { ImageReference } from '../../seedgen/image-reference.ts'

type Place = Pick<ImageReference, 'registry' | 'repository'>

/** The keys that podman would try for an image, the best first: `host/a/b`, `host/a`, `host`. */
export const keysFor = ({ registry, repository }: Place): readonly string[] => {
  const segments = `${registry}/${repository}`.split('/')
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/'))
}

/**
 * The keys of `auths` that podman would take for an image: the longest that is the registry and whole path
 * segments; only without one those that name the registry otherwise, such as `https://quay.io/v1/`. Of
 * several of these podman takes any (containers/image pkg/docker/config/config.go:801-846).
 */
export const coveringKeys = (keys: readonly string[], image: Place): readonly string[] => {
  const exact = keysFor(image).find(key => keys.includes(key))
  if (exact !== undefined) return [exact]
  return keys.filter(key => hostOf(key) === oneDocker(image.registry))
}

/** The registry that a key stands for when it is compared as a host; a path counts only behind a scheme. */
const hostOf = (key: string): string => {
  const bare = key.replace(/^http:\/\//, '').replace(/^https:\/\//, '')
  return oneDocker(bare === key ? bare : bare.replace(/\/[^]*$/, ''))
}

const oneDocker = (host: string): string =>
  host === 'docker.io' || host === 'registry-1.docker.io' ? 'index.docker.io' : host
