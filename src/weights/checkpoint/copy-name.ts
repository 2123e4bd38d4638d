/** Parameters that authorise reading a file, and do not identify it. */
const SIGNING: readonly RegExp[] = [
  /^x-(amz|goog|oss|obs|cos|ms|bce|tos|xet)-/, // S3, Google Cloud Storage and compatible stores
  /^(awsaccesskeyid|googleaccessid|ossaccesskeyid|accesskeyid|key-pair-id|policy|signature|expires)$/, // older ones, CloudFront
  /^(sv|sr|st|se|sp|spr|sip|sig|ss|srt|skoid|sktid|skt|ske|sks|skv|saoid|suoid|scid|rscc|rscd|rsce|rscl|rsct)$/, // Azure
  /^q-(sign|ak|key|header|url|signature)/, // Tencent
  /^(hdnts|hdnea|hdntl|__gda__|__token__|verify|rlkey)$/, // Akamai, Cloudflare, Dropbox
  /^response-(content|cache|expires)/,
  /(^|[-_.])(token|sig|sign|signature|hmac|auth|authorization|authkey|apikey|jwt|nonce|session|sessionid|sesskey|sid|ticket|credential|secret|expire|expires|expiry|exp|timestamp|ts)$/,
  /^(access|auth|temp|api|session|csrf)(token|auth|key|id)$/,
  /(^|[-_.])(api|access|auth)[-_.]?key$/,
];

const isSigning = (name: string) => SIGNING.some((pattern) => pattern.test(name.toLowerCase()));

/**
 * The name under which the copy of a file is stored: its address without its signature, which changes with every link and
 * may be a secret. Two files may still have one name, where a token alone tells them apart; see `RemoteSource`.
 */
export function copyName(url: string): string {
  const address = new URL(url);
  address.hash = "";
  const names = [...new Set(address.searchParams.keys())].filter(isSigning);
  if (names.length === 0) return address.href;
  for (const name of names) address.searchParams.delete(name);
  return address.href;
}
