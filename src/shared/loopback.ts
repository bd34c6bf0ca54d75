/** True for host names and addresses that always mean this machine. */
export function isLoopback(name: string): boolean {
  if (IPV4.test(name)) return name.startsWith('127.');
  return name === 'localhost' || name === '::1' || name.endsWith('.localhost');
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
