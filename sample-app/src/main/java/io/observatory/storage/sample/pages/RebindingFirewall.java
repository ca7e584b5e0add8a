package io.observatory.storage.sample.pages;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.observatory.storage.sample.intake.http.IntakePaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Refuses requests that a page of another site makes a browser send, and requests with an
 * unknown host name. Otherwise a foreign site whose name resolves to this machine (DNS
 * rebinding) could read the pages as if they were its own. {@code localhost} and
 * addresses cannot be redirected. The intake is not checked: it has nothing to read, and
 * may have any name in a network.
 */
class RebindingFirewall implements HttpFirewall {

	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

	private final StrictHttpFirewall intake = new StrictHttpFirewall();

	private final StrictHttpFirewall pages = new StrictHttpFirewall();

	private final List<String> names;

	/**
	 * With a password any name is allowed: a browser gives the password of one name to no
	 * other, so a foreign name that leads here finds nothing to read.
	 */
	RebindingFirewall(List<String> allowedHosts, boolean anyHost) {
		this.names = allowedHosts.stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
		this.pages.setAllowedHostnames((host) -> anyHost || isAllowed(host.toLowerCase(Locale.ROOT)));
	}

	private boolean isAllowed(String host) {
		return host.equals("localhost") || ADDRESS.matcher(host).matches() || this.names.contains(host);
	}

	@Override
	public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
		if (IntakePaths.contain(request)) {
			return this.intake.getFirewalledRequest(request);
		}
		if (isFromElsewhere(request)) {
			throw new RequestRejectedException("A page of another site sent this request.");
		}
		return this.pages.getFirewalledRequest(request);
	}

	/**
	 * A browser sends the site of a form or script; other programs do not. The token of
	 * the forms is not enough, because it is compared with a cookie, which any other port
	 * of this host can set. Behind a proxy the allowed name counts.
	 */
	private boolean isFromElsewhere(HttpServletRequest request) {
		String origin = request.getHeader("Origin");
		if (origin == null) {
			return false;
		}
		String authority = origin.replaceFirst("^https?://", "").toLowerCase(Locale.ROOT);
		return !authority.equalsIgnoreCase(request.getHeader("Host")) && !this.names.contains(authority);
	}

	@Override
	public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
		return this.pages.getFirewalledResponse(response);
	}

}
