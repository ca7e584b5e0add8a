package io.observatory.storage.sample.pages;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Refuses what a page of another site has a browser send, and requests whose host is a
 * name that is not known here: a foreign site that has its own name lead to this machine
 * (DNS rebinding) would read the pages as if they were its own. {@code localhost} and
 * addresses cannot be led elsewhere. The intake has nothing to read and is called by
 * whatever name a network gives it, so it is not asked.
 */
class RebindingFirewall implements HttpFirewall {

	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

	private final StrictHttpFirewall intake = new StrictHttpFirewall();

	private final StrictHttpFirewall pages = new StrictHttpFirewall();

	private final List<String> names;

	RebindingFirewall(List<String> allowedHosts) {
		this.names = allowedHosts.stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
		this.pages.setAllowedHostnames((host) -> isAllowed(host.toLowerCase(Locale.ROOT)));
	}

	private boolean isAllowed(String host) {
		return host.equals("localhost") || ADDRESS.matcher(host).matches() || this.names.contains(host);
	}

	@Override
	public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
		if (PagesSecurity.isIntake(request)) {
			return this.intake.getFirewalledRequest(request);
		}
		if (isFromElsewhere(request)) {
			throw new RequestRejectedException("A page of another site sent this request.");
		}
		return this.pages.getFirewalledRequest(request);
	}

	/**
	 * A browser says of which site a form or script is, other programs say nothing. The
	 * token of the forms is not enough: it is compared with a cookie, which any other
	 * port of this host can set. Behind a proxy the name is the one that is allowed.
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
