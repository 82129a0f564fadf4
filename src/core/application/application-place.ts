/** How a run names an Application: `namespace/name` outside of Argo CD's own namespace. */
export const placedName = (
  { name, namespace }: Readonly<{ name: string; namespace: string }>,
  controlPlane: string,
): string => (namespace === '' || namespace === controlPlane ? name : `${namespace}/${name}`)

/** Where such an Application is. */
export const applicationPlace = (
  placed: string,
  controlPlane: string,
): Readonly<{ namespace: string; name: string }> => {
  const slash = placed.indexOf('/')
  return slash < 0
    ? { namespace: controlPlane, name: placed }
    : { namespace: placed.slice(0, slash), name: placed.slice(slash + 1) }
}
