#!/usr/bin/env bash
# Builds both images where there is no container engine, as root on Debian, with buildah and mmdebstrap:
#   scripts/build-images.sh DIRECTORY
# The base is not the one that the recipe names, which only a registry has: Debian's packages and npm's packages `node`,
# in the version of the recipe, and `npm`. DIRECTORY keeps the base and the images; what is there is not made again.
# Whoever removes it unmounts DIRECTORY/store/overlay first, which buildah mounts upon itself.
set -euo pipefail
directory=$(realpath -m "$1")
cd "$(dirname "$0")/.."
mkdir -p "$directory"
base=$directory/base
buildah=(buildah --root "$directory/store" --runroot "$directory/run" --storage-driver "${SOWER_STORAGE_DRIVER:-overlay}")
version=$(sed -n 's/^ARG NODE_IMAGE=.*:\([0-9.]*\)-bookworm-slim@.*/\1/p' plugin/Containerfile)

if [ ! -e "$base.done" ]; then
  rm -rf "$base" "$directory/node"
  mkdir "$directory/node"
  echo '{ "private": true, "allowScripts": { "node": true } }' >"$directory/node/package.json"
  npm install --prefix "$directory/node" --no-audit --no-fund --silent "node@$version" npm@11 &
  mmdebstrap --quiet --variant=apt bookworm "$base" \
    'deb http://deb.debian.org/debian bookworm main' \
    'deb http://deb.debian.org/debian bookworm-updates main' \
    'deb http://deb.debian.org/debian-security bookworm-security main'
  wait $!
  mkdir -p "$base/usr/local/lib/node_modules"
  cp "$directory/node/node_modules/node/bin/node" "$base/usr/local/bin/node"
  cp -R "$directory/node/node_modules/npm" "$base/usr/local/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$base/usr/local/bin/npm"
  # The authorities that this machine trusts beside Node's own: there may be a proxy on the way to the registry.
  [ -z "${NODE_EXTRA_CA_CERTS:-}" ] || cp "$NODE_EXTRA_CA_CERTS" "$base/usr/local/share/authorities.pem"
  touch "$base.done"
fi

if ! "${buildah[@]}" inspect --type image localhost/sower-base >/dev/null 2>&1; then
  container=$("${buildah[@]}" from scratch)
  "${buildah[@]}" add --quiet "$container" "$base" / >/dev/null
  [ ! -e "$base/usr/local/share/authorities.pem" ] ||
    "${buildah[@]}" config --env NODE_EXTRA_CA_CERTS=/usr/local/share/authorities.pem "$container"
  "${buildah[@]}" commit --quiet --rm "$container" localhost/sower-base >/dev/null
fi

for target in plugin bot; do
  # What npm has fetched before is not fetched again.
  "${buildah[@]}" bud --quiet --isolation chroot --layers --build-arg NODE_IMAGE=localhost/sower-base \
    --volume "$(npm config get cache):/root/.npm" --file plugin/Containerfile --target "$target" \
    --tag "localhost/sower-$target" . >/dev/null
done

