package io.observatory.storage.sample.chat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.ai.tool.annotation.Tool;

/**
 * What the model may call.
 */
class ShopTools {

	private static final Logger logger = LoggerFactory.getLogger(ShopTools.class);

	@Tool(name = "order_status", description = "Where an order is, by its number")
	String orderStatus(String order) {
		logger.info("Looking an order up");
		return "Order " + order + " left the warehouse yesterday.";
	}

}
